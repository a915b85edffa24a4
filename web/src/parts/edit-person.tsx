import { useState } from "react";

import type { Contact, Lead } from "@/api/persons";
import { toE164 } from "@/api/phone";
import { useSyncClient, type Row } from "@/sync";
import { Button } from "@/ui/button";
import { FormDialog } from "@/ui/form-dialog";
import { phoneOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import { emailProblem, PersonFields, phoneProblem, type PersonDraft } from "./person-fields";

export interface EditPersonProps {
  readonly table: "contacts" | "leads";
  readonly person: Contact | Lead;
}

/** Opens the form that changes what is known of somebody. */
export function EditPersonButton(props: EditPersonProps) {
  const { form } = useMessages();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {form.edit}
      </Button>
      {open && <EditPerson {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

/**
 * Sends what was changed and nothing else, upon the version that was on the screen. Where somebody
 * else has changed the same field meanwhile, Issues shows both values.
 */
export function EditPerson({
  table,
  person,
  onClose,
}: EditPersonProps & { readonly onClose: () => void }) {
  const messages = useMessages();
  const { form } = messages;
  const { outbox, rows } = useSyncClient();
  const [before] = useState(() => draftOf(person));
  const [draft, setDraft] = useState(before);
  const [refused, setRefused] = useState(false);
  const kind = table === "contacts" ? "contact" : "lead";
  const phone = toE164(draft.phone);
  const problems = {
    name: draft.name.trim() === "" ? form.required : null,
    phone: draft.phone === before.phone ? null : phoneProblem(messages, draft.phone),
    email: emailProblem(messages, draft.email),
  };
  const changed = changesOf(before, draft, phone);
  const send = async (): Promise<void> => {
    const scope = `${table}/${person.id}`;
    const version = rows.confirmed(table, person.id)?.version;
    const stored: Row = { ...person };
    try {
      await outbox.enqueue({
        endpoint: `/api/${scope}`,
        method: "PATCH",
        body: { ...changed, ...(typeof version === "number" ? { expectedVersion: version } : {}) },
        scopes: [scope, `#edit/${scope}`],
        priority: "NORMAL",
        eventTable: table,
        optimistic: [{ table, id: person.id, fields: changed }],
        base: Object.fromEntries(Object.keys(changed).map((name) => [name, stored[name] ?? null])),
      });
      onClose();
    } catch {
      setRefused(true);
    }
  };
  return (
    <FormDialog
      title={form.editing(person.name)}
      submitLabel={form.save}
      disabled={
        Object.keys(changed).length === 0 || Object.values(problems).some((each) => each !== null)
      }
      note={refused ? messages.errors.STORAGE_FAILED : null}
      onSubmit={() => void send()}
      onClose={onClose}
    >
      <PersonFields kind={kind} draft={draft} problems={problems} onChange={setDraft} />
    </FormDialog>
  );
}

function draftOf(person: Contact | Lead): PersonDraft {
  return {
    name: person.name,
    phone: person.phone === null ? "" : phoneOf(person.phone),
    email: person.email ?? "",
    source: person.source ?? "",
    notes: person.notes ?? "",
  };
}

/** What is different now; null clears a field. */
function changesOf(before: PersonDraft, now: PersonDraft, phone: string | null): Row {
  const names = (["name", "phone", "email", "source", "notes"] as const).filter(
    (name) => now[name].trim() !== before[name].trim(),
  );
  return Object.fromEntries(
    names.map((name) => {
      const text = now[name].trim();
      return [name, name === "phone" ? phone : text === "" ? null : text];
    }),
  );
}
