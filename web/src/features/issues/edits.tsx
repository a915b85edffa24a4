import { editConflictOf, useOfflineSync, useSyncClient, type EditConflict } from "@/sync";
import { actorName } from "@/ui/actor";
import { Button } from "@/ui/button";
import { useClock } from "@/ui/clock";
import { momentOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import { Notice } from "@/ui/notice";
import { WideTable } from "@/ui/wide-table";
import page from "@/ui/page.module.css";
import styles from "./conflicts.module.css";
import { shownValue, wordsOf } from "./values";

export interface Edit extends EditConflict {
  readonly key: string;
}

/** What this person wrote while somebody else changed the same field. */
export function useEdits(): readonly Edit[] {
  const { rejected } = useOfflineSync();
  return rejected.flatMap((item) => {
    const conflict = editConflictOf(item);
    return conflict === null ? [] : [{ ...conflict, key: item.key }];
  });
}

/** Both values of each field, whose the other is, and a choice between them. */
export function Edits({ edits }: { readonly edits: readonly Edit[] }) {
  const { issues, edits: words } = useMessages();
  if (edits.length === 0) return <Notice title={issues.none} text={words.hint} />;
  return (
    <ul className={styles.list}>
      {edits.map((edit) => (
        <OneEdit key={edit.key} edit={edit} />
      ))}
    </ul>
  );
}

function OneEdit({ edit: { key, row, fields } }: { readonly edit: Edit }) {
  const messages = useMessages();
  const clock = useClock();
  const { outbox } = useSyncClient();
  const { issues, edits } = messages;
  const [name, at] = [row.contact_name ?? row.name, row.updated_at];
  const who = typeof name === "string" && name !== "" ? name : messages.list.unnamed;
  const when = typeof at === "string" ? momentOf(at, clock) : "";
  return (
    <li className={page.section} data-edit-key={key}>
      <div className={page.sectionHead}>
        <h2 className={page.sectionTitle}>{edits.about(who, when)}</h2>
      </div>
      <WideTable label={edits.about(who, when)}>
        <table className={page.table}>
          <thead>
            <tr>
              <th>{issues.field}</th>
              <th>{edits.mine}</th>
              <th>{edits.theirs(actorName(messages, authorOf(row.updated_by)))}</th>
            </tr>
          </thead>
          <tbody>
            {fields.map(({ name: field, mine, theirs }) => (
              <tr key={field}>
                <td>{wordsOf(field)}</td>
                <td>{shownValue(mine, clock)}</td>
                <td>{shownValue(theirs, clock)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </WideTable>
      <div className={styles.acts}>
        <Button size="small" onClick={() => void outbox.overwrite(key)}>
          {edits.useMine}
        </Button>
        <Button size="small" onClick={() => void outbox.discard(key)}>
          {edits.keepTheirs}
        </Button>
      </div>
    </li>
  );
}

function authorOf(value: unknown): { readonly id: string; readonly email: string } | null {
  if (typeof value !== "object" || value === null) return null;
  const { id, email } = value as Readonly<Record<string, unknown>>;
  return typeof id === "string" ? { id, email: typeof email === "string" ? email : "" } : null;
}
