import { isRecord, type Row } from "@/sync";
import type { SimpleList } from "@/data/use-simple-list";
import { useClock } from "@/ui/clock";
import { momentOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import { Notice } from "@/ui/notice";
import { ListProblem } from "@/ui/problem";
import { SkeletonRows } from "@/ui/skeleton";
import { SyncButton } from "@/ui/sync-button";
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
  const id = String(row.id);
  const fields = fieldsOf(row);
  return (
    <li className={page.section} data-conflict-id={id}>
      <div className={page.sectionHead}>
        <h2 className={page.sectionTitle}>{wordsOf(row.reason ?? row.kind ?? id)}</h2>
        <span className={page.muted}>
          {typeof row.created_at === "string" ? momentOf(row.created_at, clock) : ""}
        </span>
      </div>
      <div className={page.tableWrap}>
        <table className={page.table}>
          <thead>
            <tr>
              <th>{issues.field}</th>
              <th>{issues.ours}</th>
              <th>{issues.theirs}</th>
            </tr>
          </thead>
          <tbody>
            {fields.map(({ name, ours, theirs }) => (
              <tr key={name}>
                <td>{wordsOf(name)}</td>
                <td>{shownValue(ours)}</td>
                <td>{shownValue(theirs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className={styles.acts}>
        <Resolve id={id} choice="ours" label={issues.keepOurs} onSettled={onSettled} />
        <Resolve id={id} choice="square" label={issues.takeTheirs} onSettled={onSettled} />
      </div>
    </li>
  );
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
      endpoint={`/api/conflicts/${id}/resolve`}
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

interface Field {
  readonly name: string;
  readonly ours: unknown;
  readonly theirs: unknown;
}

/** Either `fields` with both values each, or the two sides as rows. */
function fieldsOf(row: Row): Field[] {
  if (Array.isArray(row.fields)) {
    return row.fields.filter(isRecord).map((field) => ({
      name: typeof field.name === "string" ? field.name : "",
      ours: field.ours,
      theirs: field.square ?? field.theirs,
    }));
  }
  const [ours, theirs] = [row.ours, row.square ?? row.theirs].map((side) =>
    isRecord(side) ? side : {},
  );
  const names = new Set([...Object.keys(ours ?? {}), ...Object.keys(theirs ?? {})]);
  return [...names].map((name) => ({ name, ours: ours?.[name], theirs: theirs?.[name] }));
}
