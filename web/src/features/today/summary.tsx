import { timeOf } from "@/ui/format";
import { messages } from "@/ui/messages";
import { useNow } from "@/ui/use-now";
import { isToConfirm, type AgendaDay, type Entry } from "./agenda";
import styles from "./summary.module.css";

export interface SummaryProps {
  readonly days: readonly AgendaDay[];
  readonly today: string;
  readonly timeZone: string;
}

/** The day at a glance: how many, how many to confirm, and who is next. */
export function Summary({ days, today, timeZone }: SummaryProps) {
  const now = useNow(30_000);
  const ofToday = days.find(({ day }) => day === today)?.entries.filter(takesPlace) ?? [];
  const pending = days.flatMap(({ entries }) => entries).filter(isToConfirm).length;
  const next = ofToday.find(({ appointment }) => Date.parse(appointment.start) > now)?.appointment;
  const { stats } = messages.today;
  return (
    <dl className={styles.summary}>
      <div>
        <dt>{stats.today}</dt>
        <dd>{ofToday.length}</dd>
      </div>
      <div className={pending > 0 ? styles.attention : undefined}>
        <dt>{stats.toConfirm}</dt>
        <dd data-testid="to-confirm">{pending}</dd>
      </div>
      <div className={styles.wide}>
        <dt>{stats.next}</dt>
        <dd>
          {next === undefined ? (
            <span className={styles.none}>{stats.none}</span>
          ) : (
            <>
              {timeOf(next.start, timeZone)} <span className={styles.name}>{next.contactName}</span>
            </>
          )}
        </dd>
      </div>
    </dl>
  );
}

function takesPlace({ appointment: { status } }: Entry): boolean {
  return status !== "cancelled" && status !== "no_show";
}
