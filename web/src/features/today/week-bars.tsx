import { useClock } from "@/ui/clock";
import { weekdayOf } from "@/ui/format";
import { Bars } from "@/ui/bars";
import { useMessages } from "@/ui/messages";

export interface WeekBarsProps {
  readonly perDay: readonly { readonly day: string; readonly count: number }[];
  readonly today: string;
}

/** How full the next days are. */
export function WeekBars({ perDay, today }: WeekBarsProps) {
  const messages = useMessages();
  const clock = { ...useClock(), timeZone: "UTC" };
  return (
    <Bars
      title={messages.charts.bookings}
      bars={perDay.map(({ day, count }) => ({
        key: day,
        label: weekdayOf(`${day}T12:00:00Z`, clock),
        value: count,
        marked: day === today,
      }))}
    />
  );
}
