import { Plus } from "lucide-react";
import { useState } from "react";

import { toE164 } from "@/api/phone";
import { isRecord, useSyncMutation, type Row } from "@/sync";
import { Button } from "@/ui/button";
import { announce } from "@/ui/live-region";
import { sentenceOf, useMessages } from "@/ui/messages";
import { FormDialog } from "@/ui/form-dialog";
import { useSheet } from "@/ui/use-sheet";
import { emailProblem, PersonFields, phoneProblem, type PersonDraft } from "./person-fields";

type Kind = "contact" | "lead";

/** Opens the form in which somebody new is written down. */
export function NewPersonButton({ kind }: { readonly kind: Kind }) {
  const { form } = useMessages();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="small" tone="primary" onClick={() => setOpen(true)}>
        <Plus size={14} aria-hidden="true" />
        {kind === "contact" ? form.newContact : form.newLead}
      </Button>
      {open && <NewPerson kind={kind} onClose={() => setOpen(false)} />}
    </>
  );
}

const EMPTY: PersonDraft = { name: "", phone: "", email: "", source: "", notes: "" };

/** Writes down a contact or a lead; shows who has the number already. */
export function NewPerson({
  kind,
  onClose,
}: {
  readonly kind: Kind;
  readonly onClose: () => void;
}) {
  const messages = useMessages();
  const { form } = messages;
  const { show } = useSheet();
  const [draft, setDraft] = useState(EMPTY);
  const [tried, setTried] = useState(false);
  const create = useSyncMutation<Row, Readonly<Record<Kind, { readonly id: string }>>>(
    `/api/${kind}s`,
    {
      eventTable: `${kind}s`,
      fromEvent: ({ id }) => ({ contact: { id }, lead: { id } }),
      onSuccess: (answer) => {
        announce(form.added(draft.name));
        onClose();
        if (answer !== undefined) show(kind, answer[kind].id);
      },
    },
  );
  const phone = toE164(draft.phone);
  const isReady =
    draft.name.trim() !== "" && phone !== null && emailProblem(messages, draft.email) === null;
  const known = create.error?.code === "PHONE_KNOWN" ? create.error.body?.[kind] : undefined;
  return (
    <FormDialog
      title={kind === "contact" ? form.newContact : form.newLead}
      submitLabel={form.add}
      busy={create.isPending}
      note={
        create.isQueued ? (
          form.waits
        ) : create.error === null ? null : isRecord(known) && typeof known.id === "string" ? (
          <Known
            row={known}
            onOpen={() => {
              onClose();
              show(kind, String(known.id));
            }}
          />
        ) : (
          sentenceOf(messages, create.error)
        )
      }
      onSubmit={() => {
        setTried(true);
        if (isReady) create.mutate(bodyOf(kind, draft, phone));
      }}
      onClose={onClose}
    >
      <PersonFields
        kind={kind}
        draft={draft}
        onChange={setDraft}
        problems={{
          name: tried && draft.name.trim() === "" ? form.required : null,
          phone: tried ? phoneProblem(messages, draft.phone) : null,
          email: tried ? emailProblem(messages, draft.email) : null,
        }}
      />
    </FormDialog>
  );
}

function Known({ row, onOpen }: { readonly row: Row; readonly onOpen: () => void }) {
  const { form, list } = useMessages();
  const name = typeof row.name === "string" && row.name !== "" ? row.name : list.unnamed;
  return (
    <>
      {form.known(name)}
      <Button size="small" onClick={onOpen}>
        {form.open(name)}
      </Button>
    </>
  );
}

function bodyOf(kind: Kind, { name, email, source, notes }: PersonDraft, phone: string): Row {
  const filled = Object.entries({ email, notes, ...(kind === "lead" ? { source } : {}) })
    .map(([field, value]) => [field, value.trim()] as const)
    .filter(([, value]) => value !== "");
  return { name: name.trim(), phone, ...Object.fromEntries(filled) };
}
