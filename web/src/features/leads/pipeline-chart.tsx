import { useMemo } from "react";

import { LEAD_STATUSES, type Lead } from "@/api/persons";
import { dayAt, daysAfter } from "@/data/days";
import { useClock } from "@/ui/clock";
import { dateOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import { StackedBars, type Part } from "@/ui/stacked-bars";
import { useNow } from "@/ui/use-now";
import styles from "./pipeline-chart.module.css";

const WEEKS = 8;
const WEEK = 7;

const TONES: Readonly<Record<(typeof LEAD_STATUSES)[number], Part["tone"]>> = {
  new: "blue",
  contacted: "yellow",
  qualified: "green",
  proposal_sent: "purple",
  negotiating: "orange",
  won: "teal",
  lost: "red",
};

/** How those who came in week by week stand today. */
export function PipelineChart({ leads }: { readonly leads: readonly Lead[] }) {
  const { charts, leadStatuses } = useMessages();
  const clock = useClock();
  const now = useNow(600_000);
  const today = dayAt(now, clock.timeZone);
  const columns = useMemo(
    () =>
      weeksOf(leads, today, clock.timeZone).map(({ from, values }) => ({
        key: from,
        label: dateOf(`${from}T12:00:00Z`, { ...clock, timeZone: "UTC" }),
        values,
      })),
    [leads, today, clock],
  );
  return (
    <details open className={styles.details}>
      <summary className={styles.title}>{charts.leads}</summary>
      <StackedBars
        title={charts.leads}
        parts={LEAD_STATUSES.map((key) => ({
          key,
          label: leadStatuses[key] ?? key,
          tone: TONES[key],
        }))}
        columns={columns}
      />
    </details>
  );
}

/** The last weeks, this one last, and how many of each status came in them. */
function weeksOf(
  leads: readonly Lead[],
  today: string,
  timeZone: string,
): { readonly from: string; readonly values: Readonly<Record<string, number>> }[] {
  return Array.from({ length: WEEKS }, (_, index) => {
    const from = daysAfter(today, 1 - WEEK * (WEEKS - index));
    const to = daysAfter(from, WEEK);
    const values: Record<string, number> = {};
    for (const { created_at: at, status } of leads) {
      const day = at === null ? "" : dayAt(Date.parse(at), timeZone);
      if (day >= from && day < to) values[status] = (values[status] ?? 0) + 1;
    }
    return { from, values };
  });
}
