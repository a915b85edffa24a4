import type { Run } from "@/api/reconcile";
import { useMessages } from "@/ui/messages";
import page from "@/ui/page.module.css";
import styles from "./reconciliation-page.module.css";

/** What a run found, and what went wrong in it. */
export function Outcome({ run }: { readonly run: Run }) {
  const { reconciliation: words } = useMessages();
  return (
    <>
      <p>{words.summary(run.created, run.updated, run.conflicts)}</p>
      <p className={page.muted}>
        {words.scanned(run.scanned)} · {(run.duration_ms / 1_000).toFixed(1)} s
      </p>
      {run.held_for !== null && <p className={styles.stopped}>{run.held_for}</p>}
      {run.errors.map(({ code, error }, index) => (
        <p key={`${code}${String(index)}`} className={styles.failed}>
          {error}
        </p>
      ))}
    </>
  );
}
