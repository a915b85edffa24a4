import type { Run } from "@/api/reconcile";
import { useClock } from "@/ui/clock";
import { momentOf, type Clock } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import { WideTable } from "@/ui/wide-table";
import page from "@/ui/page.module.css";

/** Which message of Square the job knows: that changes every time, and nobody decides by it. */
const BOOKKEEPING = new Set(["square_version", "square_updated_at", "square_hash"]);

/** What a dry run would change: job by job, field by field. */
export function Plan({ run }: { readonly run: Run }) {
  const { reconciliation: words, issues } = useMessages();
  const clock = useClock();
  if (run.rows.length === 0) return <p className={page.muted}>{words.nothingToDo}</p>;
  return (
    <WideTable label={words.dryRun}>
      <table className={page.table}>
        <thead>
          <tr>
            <th>{words.job}</th>
            <th>{issues.field}</th>
            <th>{words.before}</th>
            <th>{words.after}</th>
          </tr>
        </thead>
        <tbody>
          {run.rows.flatMap(({ id, changes }) =>
            Object.entries(changes)
              .filter(([field]) => !BOOKKEEPING.has(field))
              .map(([field, { before, after }]) => (
                <tr key={`${id}/${field}`}>
                  <td>{id}</td>
                  <td>{field}</td>
                  <td>
                    <del>{shown(before, clock)}</del>
                  </td>
                  <td>
                    <ins>{shown(after, clock)}</ins>
                  </td>
                </tr>
              )),
          )}
        </tbody>
      </table>
      {run.truncated && <p className={page.muted}>{words.more}</p>}
    </WideTable>
  );
}

function shown(value: unknown, clock: Clock): string {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value !== "string") return JSON.stringify(value);
  return /^\d{4}-\d\d-\d\dT/.test(value) ? momentOf(value, clock) : value;
}
