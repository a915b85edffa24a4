import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { readReport, toRun, type Report, type Run } from "@/api/reconcile";
import { startOf, daysAfter, dayAt } from "@/data/days";
import { useSimpleList } from "@/data/use-simple-list";
import { useSyncClient } from "@/sync";
import { Bars } from "@/ui/bars";
import { Button } from "@/ui/button";
import { useClock } from "@/ui/clock";
import { dateOf, momentOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import { Notice } from "@/ui/notice";
import { PageHeader } from "@/ui/page-header";
import { ListProblem, reasonOf } from "@/ui/problem";
import { SkeletonRows } from "@/ui/skeleton";
import { useNow } from "@/ui/use-now";
import page from "@/ui/page.module.css";
import styles from "./reconciliation-page.module.css";

const CHARTED = 24;

/** What comparing with Square found, run by run; and a run by hand that can be looked at first. */
export default function ReconciliationPage() {
  const { reconciliation, list: words } = useMessages();
  const list = useSimpleList("/api/reconcile/runs", "runs");
  const runs = list.rows.flatMap((row) => toRun(row) ?? []);
  return (
    <>
      <PageHeader title={reconciliation.title} />
      <div className={page.body}>
        <ByHand onDone={list.refresh} />
        {list.isLoading && <SkeletonRows rows={6} />}
        {list.error !== null && (
          <ListProblem
            what={words.failed(reconciliation.runs)}
            error={list.error}
            onRetry={list.refresh}
          />
        )}
        {!list.isLoading && list.error === null && runs.length === 0 && (
          <Notice title={reconciliation.empty} text={reconciliation.emptyHint} />
        )}
        {runs.length > 0 && <Runs runs={runs} />}
      </div>
    </>
  );
}

function Runs({ runs }: { readonly runs: readonly Run[] }) {
  const { reconciliation } = useMessages();
  const clock = useClock();
  return (
    <>
      <section className={page.section}>
        <div className={styles.chart}>
          <Bars
            title={reconciliation.drift}
            bars={[...runs]
              .slice(0, CHARTED)
              .reverse()
              .map(({ id, report }) => ({
                key: id,
                label: "",
                value: report.created + report.updated,
              }))}
          />
        </div>
      </section>
      <section className={page.section} aria-labelledby="runs">
        <div className={page.sectionHead}>
          <h2 id="runs" className={page.sectionTitle}>
            {reconciliation.runs}
          </h2>
        </div>
        <div className={page.tableWrap}>
          <table className={page.table}>
            <thead>
              <tr>
                <th>{reconciliation.when}</th>
                <th>{reconciliation.window}</th>
                <th>{reconciliation.result}</th>
                <th aria-label={reconciliation.dryRun} />
              </tr>
            </thead>
            <tbody>
              {runs.map(({ id, at, state, report }) => (
                <tr key={id}>
                  <td>{at === null ? "" : momentOf(at, clock)}</td>
                  <td>
                    {report.from === null ? "" : dateOf(report.from, clock)}
                    {report.to === null ? "" : ` – ${dateOf(report.to, clock)}`}
                  </td>
                  <td>
                    <Outcome report={report} />
                    {state === "stopped" && (
                      <p className={styles.stopped}>{reconciliation.stopped}</p>
                    )}
                    {state === "failed" && <p className={styles.failed}>{reconciliation.failed}</p>}
                  </td>
                  <td>
                    {report.dryRun && <span className={page.muted}>{reconciliation.dryRun}</span>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
    </>
  );
}

function Outcome({ report }: { readonly report: Report }) {
  const { reconciliation } = useMessages();
  return (
    <>
      <p>{reconciliation.summary(report.created, report.updated, report.conflicts)}</p>
      <p className={page.muted}>
        {reconciliation.scanned(report.scanned)} · {(report.durationMs / 1_000).toFixed(1)} s
      </p>
      {report.errors.map((error) => (
        <p key={error} className={styles.failed}>
          {error}
        </p>
      ))}
    </>
  );
}

const AHEAD_DAYS = 14;

function ByHand({ onDone }: { readonly onDone: () => void }) {
  const messages = useMessages();
  const { reconciliation } = messages;
  const { http } = useSyncClient();
  const { timeZone } = useClock();
  const today = dayAt(useNow(60_000), timeZone);
  const [from, setFrom] = useState(today);
  const [to, setTo] = useState(daysAfter(today, AHEAD_DAYS));
  const run = useMutation({
    mutationFn: (dryRun: boolean) =>
      readReport(http, {
        dryRun,
        from: startOf(from, timeZone),
        to: startOf(daysAfter(to, 1), timeZone),
      }),
    onSuccess: onDone,
  });
  const isLooked = run.data?.dryRun === true;
  return (
    <section className={page.section}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          run.mutate(true);
        }}
      >
        <label className={page.field}>
          {reconciliation.from}
          <input
            className={page.input}
            type="date"
            required
            value={from}
            max={to}
            onChange={({ target }) => setFrom(target.value)}
          />
        </label>
        <label className={page.field}>
          {reconciliation.to}
          <input
            className={page.input}
            type="date"
            required
            value={to}
            min={from}
            onChange={({ target }) => setTo(target.value)}
          />
        </label>
        <Button type="submit" aria-busy={run.isPending} disabled={run.isPending}>
          {reconciliation.look}
        </Button>
        <Button
          tone="primary"
          disabled={!isLooked || run.isPending}
          onClick={() => run.mutate(false)}
        >
          {reconciliation.run}
        </Button>
      </form>
      {run.data !== undefined && (
        <div className={styles.report} data-testid="report">
          <Outcome report={run.data} />
          <Diff report={run.data} />
        </div>
      )}
      {run.error !== null && (
        <p role="alert" className={styles.report}>
          {reasonOf(messages, run.error)}
        </p>
      )}
    </section>
  );
}

/** What a dry run would change, field by field. */
function Diff({ report }: { readonly report: Report }) {
  const { issues } = useMessages();
  if (report.plan.length === 0) return null;
  return (
    <div className={page.tableWrap}>
      <table className={page.table}>
        <thead>
          <tr>
            <th aria-label="id" />
            <th>{issues.field}</th>
            <th>{issues.ours}</th>
            <th>{issues.theirs}</th>
          </tr>
        </thead>
        <tbody>
          {report.plan.map(({ id, field, before, after }) => (
            <tr key={`${id}/${field}`}>
              <td>{id}</td>
              <td>{field}</td>
              <td>
                <del>{before}</del>
              </td>
              <td>
                <ins>{after}</ins>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
