import { useState } from "react";

import { isUnderWay, type StartRun } from "@/api/reconcile";
import { dayAt, daysAfter, startOf } from "@/data/days";
import { useClock } from "@/ui/clock";
import { useMessages } from "@/ui/messages";
import { reasonOf } from "@/ui/problem";
import { SyncButton } from "@/ui/sync-button";
import { useNow } from "@/ui/use-now";
import page from "@/ui/page.module.css";
import { Outcome } from "./outcome";
import { Plan } from "./plan";
import styles from "./reconciliation-page.module.css";
import { useRun } from "./use-run";

const AHEAD_DAYS = 14;

interface Started {
  readonly run: { readonly id: string };
}

/** A window is looked at first; what was seen can be applied, as long as it is still the same. */
export function ByHand({ onDone }: { readonly onDone: () => void }) {
  const messages = useMessages();
  const { reconciliation: words } = messages;
  const { timeZone } = useClock();
  const today = dayAt(useNow(60_000), timeZone);
  const [from, setFrom] = useState(today);
  const [to, setTo] = useState(daysAfter(today, AHEAD_DAYS));
  const [looked, setLooked] = useState<string | null>(null);
  const { run, error } = useRun(looked);
  const isWhole = from !== "" && to !== "" && from <= to;
  const window = isWhole
    ? {
        from: startOf(from, timeZone).toISOString(),
        to: startOf(daysAfter(to, 1), timeZone).toISOString(),
      }
    : {};
  const plan = run !== null && run.dry_run && run.status === "ok" ? run.plan_hash : null;
  const started = (answer: Started | undefined): void => {
    setLooked(answer?.run.id ?? null);
    onDone();
  };
  return (
    <section className={page.section} aria-label={words.dryRun}>
      <div className={styles.form}>
        <label className={page.field}>
          {words.from}
          <input
            className={page.input}
            type="date"
            value={from}
            max={to}
            onChange={({ target }) => {
              setFrom(target.value);
              setLooked(null);
            }}
          />
        </label>
        <label className={page.field}>
          {words.to}
          <input
            className={page.input}
            type="date"
            value={to}
            min={from}
            onChange={({ target }) => {
              setTo(target.value);
              setLooked(null);
            }}
          />
        </label>
        <SyncButton<StartRun, Started>
          endpoint="/api/reconcile"
          eventTable=""
          body={{ ...window, dryRun: true }}
          disabled={!isWhole}
          onSuccess={started}
        >
          {words.look}
        </SyncButton>
        <SyncButton<StartRun, Started>
          endpoint="/api/reconcile"
          eventTable=""
          body={{ ...window, ...(plan === null ? {} : { plan }) }}
          disabled={!isWhole || plan === null}
          tone="primary"
          onSuccess={started}
        >
          {words.run}
        </SyncButton>
      </div>
      {run !== null && (
        <div className={styles.report} data-testid="report" data-status={run.status}>
          {isUnderWay(run) ? (
            <p role="status">{words.underWay}</p>
          ) : (
            <>
              <Outcome run={run} />
              {run.dry_run && <Plan run={run} />}
            </>
          )}
        </div>
      )}
      {error !== null && (
        <p role="alert" className={styles.report}>
          {reasonOf(messages, error)}
        </p>
      )}
    </section>
  );
}
