import { timeOf, weekdayOf } from "@/ui/format";
import { messages } from "@/ui/messages";
import { useNow } from "@/ui/use-now";
import { isToConfirm, type AgendaDay, type Entry } from "./agenda";
import { dayAt, daysAfter } from "./days";
import styles from "./summary.module.css";

export interface SummaryProps {
  /** Null: not known yet. Then no number, not even a nought, would be true. */
  readonly days: readonly AgendaDay[] | null;
  readonly today: string;
  readonly timeZone: string;
}

/** The day at a glance: how many, how many to confirm, and who is next. */
export function Summary({ days, today, timeZone }: SummaryProps) {
  const now = useNow(30_000);
  const entries = days?.flatMap((day) => day.entries) ?? [];
  const ofToday = days?.find(({ day }) => day === today)?.entries.filter(takesPlace) ?? [];
  const pending = entries.filter(isToConfirm).length;
  const coming = entries.filter(takesPlace);
  const next = coming.find(({ appointment }) => Date.parse(appointment.start) > now)?.appointment;
  const { stats } = messages.today;
  return (
    <dl className={styles.summary}>
      <div>
        <dt>{stats.today}</dt>
        <dd>{days === null ? stats.unknown : ofToday.length}</dd>
      </div>
      <div className={pending > 0 ? styles.attention : undefined}>
        <dt>{stats.toConfirm}</dt>
        <dd data-testid="to-confirm">{days === null ? stats.unknown : pending}</dd>
      </div>
      <div className={styles.wide}>
        <dt>{stats.next}</dt>
        <dd>
          {next === undefined ? (
            <span className={styles.none}>{days === null ? stats.unknown : stats.none}</span>
          ) : (
            <>
              {whenOf(next.start, today, timeZone)}{" "}
              <span className={styles.name}>{next.contactName}</span>
            </>
          )}
        </dd>
      </div>
    </dl>
  );
}

/** 2:30 PM, or Tomorrow, 9:00 AM, or Mon, 9:00 AM. */
function whenOf(start: string, today: string, timeZone: string): string {
  const day = dayAt(Date.parse(start), timeZone);
  const time = timeOf(start, timeZone);
  if (day === today) return time;
  const name =
    day === daysAfter(today, 1) ? messages.today.days.tomorrow : weekdayOf(start, timeZone);
  return `${name}, ${time}`;
}

function takesPlace({ appointment: { status } }: Entry): boolean {
  return status !== "cancelled" && status !== "no_show";
}
