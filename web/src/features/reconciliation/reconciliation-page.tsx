import { isUnderWay, toRun, type Run, type StartRun } from "@/api/reconcile";
import { useSimpleList } from "@/data/use-simple-list";
import { useClock } from "@/ui/clock";
import { dateOf, momentOf, timeOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import { Notice } from "@/ui/notice";
import { PageHeader } from "@/ui/page-header";
import { ListProblem } from "@/ui/problem";
import { SkeletonRows } from "@/ui/skeleton";
import { StackedBars } from "@/ui/stacked-bars";
import { SyncButton } from "@/ui/sync-button";
import { WideTable } from "@/ui/wide-table";
import page from "@/ui/page.module.css";
import { ByHand } from "./by-hand";
import { Outcome } from "./outcome";
import styles from "./reconciliation-page.module.css";

const CHARTED = 16;
const EVERY_MS = 20_000;

/** What comparing with Square found, run by run; and a run by hand that can be looked at first. */
export default function ReconciliationPage() {
  const { reconciliation } = useMessages();
  const list = useSimpleList("/api/reconcile/runs", "runs", {}, EVERY_MS);
  const runs = list.rows.flatMap((row) => toRun(row) ?? []);
  return (
    <>
      <PageHeader title={reconciliation.title} />
      <div className={page.body}>
        <ByHand onDone={list.refresh} />
        {list.isLoading && <SkeletonRows rows={6} />}
        {list.error !== null && (
          <ListProblem what={reconciliation.runs} error={list.error} onRetry={list.refresh} />
        )}
        {!list.isLoading && list.error === null && runs.length === 0 && (
          <Notice title={reconciliation.empty} text={reconciliation.emptyHint} />
        )}
        {runs.length > 0 && <Drift runs={runs} />}
        {runs.length > 0 && <Runs runs={runs} onChange={list.refresh} />}
      </div>
    </>
  );
}

/** How much each run had to put right: much of it again and again means that messages get lost. */
function Drift({ runs }: { readonly runs: readonly Run[] }) {
  const { reconciliation: words } = useMessages();
  const clock = useClock();
  const shown = runs.filter(({ dry_run: dry }) => !dry).slice(0, CHARTED);
  return (
    <section className={page.section} aria-labelledby="drift">
      <div className={page.sectionHead}>
        <h2 id="drift" className={page.sectionTitle}>
          {words.drift}
        </h2>
      </div>
      <div className={styles.chart}>
        <StackedBars
          title={words.drift}
          parts={[
            { key: "updated", label: words.updated, tone: "blue" },
            { key: "created", label: words.created, tone: "green" },
            { key: "conflicts", label: words.conflicts, tone: "orange" },
          ]}
          columns={[...shown].reverse().map((run) => ({
            key: run.id,
            label: timeOf(run.created_at, clock).replace(/\s?[AP]M$/i, ""),
            values: { updated: run.updated, created: run.created, conflicts: run.conflicts },
          }))}
        />
      </div>
    </section>
  );
}

interface RunsProps {
  readonly runs: readonly Run[];
  readonly onChange: () => void;
}

function Runs({ runs, onChange }: RunsProps) {
  const { reconciliation: words } = useMessages();
  const clock = useClock();
  return (
    <section className={page.section} aria-labelledby="runs">
      <div className={page.sectionHead}>
        <h2 id="runs" className={page.sectionTitle}>
          {words.runs}
        </h2>
      </div>
      <WideTable label={words.runs}>
        <table className={page.table}>
          <thead>
            <tr>
              <th>{words.when}</th>
              <th>{words.window}</th>
              <th>{words.state}</th>
              <th>{words.result}</th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <tr key={run.id} data-run-id={run.id} data-status={run.status}>
                <td>
                  {momentOf(run.created_at, clock)}
                  <p className={page.muted}>{words.triggers[run.trigger] ?? run.trigger}</p>
                </td>
                <td>
                  {dateOf(run.window.from, clock)} – {dateOf(run.window.to, clock)}
                </td>
                <td>
                  <span className={styles.state} data-status={run.status}>
                    {words.states[run.status] ?? run.status}
                  </span>
                  {run.dry_run && <p className={page.muted}>{words.dryRun}</p>}
                  {run.status === "held" && (
                    <SyncButton<StartRun>
                      endpoint="/api/reconcile"
                      scope={`runs/${run.id}`}
                      eventTable=""
                      body={{ releaseRunId: run.id }}
                      variant="with-confirm"
                      confirmTitle={words.releaseTitle}
                      confirmMessage={run.held_for ?? undefined}
                      size="small"
                      onSuccess={onChange}
                    >
                      {words.release}
                    </SyncButton>
                  )}
                </td>
                <td>{isUnderWay(run) ? words.underWay : <Outcome run={run} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </WideTable>
    </section>
  );
}
