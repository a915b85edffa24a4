import { useMemo } from "react";

import { toText, type Text } from "@/api/texts";
import { dayAt, daysAfter } from "@/data/days";
import { useRows } from "@/sync";
import { useClock } from "@/ui/clock";
import { weekdayOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import { StackedBars } from "@/ui/stacked-bars";
import { useNow } from "@/ui/use-now";
import page from "@/ui/page.module.css";
import styles from "./system-page.module.css";

const DAYS = 7;

/** What became of the texts of the last days, of those that this browser has heard of. */
export function Delivery() {
  const { charts } = useMessages();
  const clock = useClock();
  const today = dayAt(useNow(600_000), clock.timeZone);
  const rows = useRows("sms_logs");
  const texts = useMemo(
    () => rows.flatMap(({ row }) => toText(row) ?? []).filter(({ isOut }) => isOut),
    [rows],
  );
  const days = Array.from({ length: DAYS }, (_, index) => daysAfter(today, index + 1 - DAYS));
  return (
    <section className={page.section} aria-labelledby="delivery">
      <div className={page.sectionHead}>
        <h2 id="delivery" className={page.sectionTitle}>
          {charts.delivery}
        </h2>
      </div>
      <div className={styles.chart}>
        <StackedBars
          title={charts.delivery}
          parts={[
            { key: "delivered", label: charts.delivered, tone: "green" },
            { key: "waiting", label: charts.waiting, tone: "blue" },
            { key: "unknown", label: charts.unclear, tone: "yellow" },
            { key: "failed", label: charts.failed, tone: "red" },
          ]}
          columns={days.map((day) => ({
            key: day,
            label: weekdayOf(`${day}T12:00:00Z`, { ...clock, timeZone: "UTC" }),
            values: countsOf(
              texts.filter(({ at }) => dayAt(Date.parse(at), clock.timeZone) === day),
            ),
          }))}
        />
      </div>
    </section>
  );
}

const OUTCOMES: Readonly<Record<string, string | undefined>> = {
  delivered: "delivered",
  failed: "failed",
  undelivered: "failed",
  unknown: "unknown",
};

function countsOf(texts: readonly Text[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { status } of texts) {
    const outcome = OUTCOMES[status] ?? "waiting";
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}
