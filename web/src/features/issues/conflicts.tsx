import { Link } from "wouter";

import { toConflict } from "@/api/conflicts";
import type { SimpleList } from "@/data/use-simple-list";
import type { Row } from "@/sync";
import { useClock } from "@/ui/clock";
import { momentOf, type Clock } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import { Notice } from "@/ui/notice";
import { ListProblem } from "@/ui/problem";
import { SkeletonRows } from "@/ui/skeleton";
import { SyncButton } from "@/ui/sync-button";
import { WideTable } from "@/ui/wide-table";
import page from "@/ui/page.module.css";
import styles from "./conflicts.module.css";
import { shownValue, wordsOf } from "./values";

/** Disagreements with Square that rules cannot settle: both sides, and a choice. */
export function Conflicts({ list }: { readonly list: SimpleList }) {
  const { issues } = useMessages();
  if (list.isLoading) return <SkeletonRows rows={3} height={96} />;
  if (list.error !== null)
    return <ListProblem what={issues.conflicts} error={list.error} onRetry={list.refresh} />;
  if (list.rows.length === 0) return <Notice title={issues.none} text={issues.noneHint} />;
  return (
    <ul className={styles.list}>
      {list.rows.map((row) => (
        <Conflict key={String(row.id)} row={row} onSettled={list.refresh} />
      ))}
    </ul>
  );
}

function Conflict({ row, onSettled }: { readonly row: Row; readonly onSettled: () => void }) {
  const { issues } = useMessages();
  const clock = useClock();
  const { id, job_id: jobId, field, kind, ours, square, met_at: at } = toConflict(row);
  return (
    <li className={page.section} data-conflict-id={id}>
      <div className={page.sectionHead}>
        <h2 className={page.sectionTitle}>{issues.kinds[kind] ?? wordsOf(kind)}</h2>
        <span className={page.muted}>{momentOf(at, clock)}</span>
        <Link
          className={`${page.nameButton ?? ""} ${page.push ?? ""}`}
          href={`/jobs/${encodeURIComponent(jobId)}`}
        >
          {issues.openJob}
        </Link>
      </div>
      <WideTable label={issues.kinds[kind] ?? wordsOf(kind)}>
        <table className={page.table}>
          <thead>
            <tr>
              <th>{issues.field}</th>
              <th>{issues.ours}</th>
              <th>{issues.theirs}</th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <td>{wordsOf(field)}</td>
              <td>{sideOf(ours, clock)}</td>
              <td>{sideOf(square, clock)}</td>
            </tr>
          </tbody>
        </table>
      </WideTable>
      <div className={styles.acts}>
        <Resolve id={id} choice="ours" label={issues.keepOurs} onSettled={onSettled} />
        <Resolve id={id} choice="square" label={issues.takeTheirs} onSettled={onSettled} />
      </div>
    </li>
  );
}

/** A time as people read it, anything else as it is. */
function sideOf(value: unknown, clock: Clock): string {
  const isTime = typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value);
  return isTime ? momentOf(value, clock) : shownValue(value);
}

interface ResolveProps {
  readonly id: string;
  readonly choice: "ours" | "square";
  readonly label: string;
  readonly onSettled: () => void;
}

function Resolve({ id, choice, label, onSettled }: ResolveProps) {
  return (
    <SyncButton<{ choice: string }>
      endpoint={`/api/conflicts/${encodeURIComponent(id)}/resolve`}
      scope={`conflicts/${id}`}
      eventTable=""
      body={{ choice }}
      size="small"
      onSuccess={onSettled}
    >
      {label}
    </SyncButton>
  );
}
