import { useId, useMemo, useState } from "react";

import { toE164 } from "@/api/phone";
import { toContact, type Contact } from "@/api/persons";
import { CONTACTS } from "@/data/lists";
import { useMe } from "@/data/me";
import { useList } from "@/data/use-list";
import { clockText, wallTime } from "@/data/wall-time";
import { useSyncMutation, type Row } from "@/sync";
import { useClock } from "@/ui/clock";
import { Field } from "@/ui/field";
import { FormDialog } from "@/ui/form-dialog";
import { phoneOf } from "@/ui/format";
import { announce } from "@/ui/live-region";
import { useMessages } from "@/ui/messages";
import { useSheet } from "@/ui/use-sheet";
import page from "@/ui/page.module.css";
import { phoneProblem } from "./person-fields";
import { SlotFields, startOfSlot, type SlotDraft } from "./slot-fields";
import { SlotRefused } from "./slot-refused";

/** For whom it is: a contact, or a lead, who becomes a contact by it. */
export interface Customer {
  readonly table: "leads" | "contacts";
  readonly id: string;
  readonly name: string;
  readonly phone: string | null;
}

export interface NewBookingProps {
  readonly slot: SlotDraft;
  /** Filled in; may be written over. */
  readonly customer?: Customer;
  readonly onClose: () => void;
}

interface Answer {
  readonly appointment: { readonly id: string };
}

/** Books a visit for a contact, or for somebody new by name and number. */
export function NewBooking({ slot: first, customer, onClose }: NewBookingProps) {
  const messages = useMessages();
  const { book, form } = messages;
  const clock = useClock();
  const { show } = useSheet();
  const { services } = useMe().org;
  const [slot, setSlot] = useState(first);
  const [serviceId, setServiceId] = useState(services[0]?.id ?? "");
  const [who, setWho] = useState(customer?.name ?? "");
  const [phone, setPhone] = useState(customer?.phone == null ? "" : phoneOf(customer.phone));
  const [notes, setNotes] = useState("");
  const [tried, setTried] = useState(false);
  const { contacts, found } = useContact(who, customer);
  const create = useSyncMutation<Row, Answer>("/api/bookings", {
    priority: "HIGH",
    eventTable: "appointments",
    fromEvent: ({ id }) => ({ appointment: { id } }),
    onSuccess: (answer) => {
      announce(book.done);
      onClose();
      if (answer !== undefined) show("apt", answer.appointment.id);
    },
  });
  const start = startOfSlot(slot, clock.timeZone);
  const number = toE164(phone);
  const isReady =
    start !== null && serviceId !== "" && who.trim() !== "" && (found !== null || number !== null);
  const send = (at: Date | null, resource = slot.resource): void => {
    setTried(true);
    if (!isReady || at === null) return;
    create.mutate({
      ...(found === null ? { name: who.trim(), phone: number } : { contactId: found.id }),
      serviceId,
      start: at.toISOString(),
      ...(resource === "" ? {} : { resource }),
      ...(notes.trim() === "" ? {} : { notes: notes.trim() }),
    });
  };
  return (
    <FormDialog
      title={book.title}
      submitLabel={book.label}
      busy={create.isPending}
      note={
        create.isQueued ? (
          form.waits
        ) : create.error === null ? null : (
          <SlotRefused
            error={create.error}
            onChoose={(free) => {
              const { day, minutes } = wallTime(free, clock.timeZone);
              // Free somewhere, not necessarily in the bay that was asked for.
              setSlot({ day, time: clockText(minutes), resource: "" });
              send(new Date(free), "");
            }}
          />
        )
      }
      onSubmit={() => send(start)}
      onClose={onClose}
    >
      <Who
        who={who}
        contacts={contacts}
        error={tried && who.trim() === "" ? form.required : null}
        onChange={setWho}
      />
      {who.trim() !== "" && found === null && (
        <Field label={form.phone} error={tried ? phoneProblem(messages, phone) : null} wide>
          {(ids) => (
            <input
              {...ids}
              className={page.input}
              type="tel"
              value={phone}
              onChange={({ target }) => setPhone(target.value)}
            />
          )}
        </Field>
      )}
      <Field label={book.service} wide>
        {(ids) => (
          <select
            {...ids}
            className={page.input}
            value={serviceId}
            onChange={({ target }) => setServiceId(target.value)}
          >
            {services.map(({ id, name, minutes }) => (
              <option key={id} value={id}>
                {name} · {messages.today.minutes(minutes)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <SlotFields slot={slot} onChange={setSlot} />
      <Field label={form.notes} optional wide>
        {(ids) => (
          <textarea
            {...ids}
            className={page.input}
            rows={2}
            value={notes}
            onChange={({ target }) => setNotes(target.value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}

interface WhoProps {
  readonly who: string;
  readonly contacts: readonly Contact[];
  readonly error: string | null;
  readonly onChange: (who: string) => void;
}

/** A name as it is typed; contacts are offered, with their numbers to tell them apart. */
function Who({ who, contacts, error, onChange }: WhoProps) {
  const { book } = useMessages();
  const list = useId();
  return (
    <Field label={book.customer} error={error} wide>
      {(ids) => (
        <>
          <input
            {...ids}
            className={page.input}
            list={list}
            placeholder={book.customerHint}
            autoComplete="off"
            value={who}
            onChange={({ target }) => onChange(target.value)}
          />
          <datalist id={list}>
            {contacts.map((contact) => (
              <option key={contact.id} value={labelOf(contact)} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}

const MOST_OFFERED = 50;

/** The contacts that fit what is typed, and the one that is meant: `customer` until another is typed. */
function useContact(
  who: string,
  customer: Customer | undefined,
): {
  readonly contacts: readonly Contact[];
  readonly found: { readonly id: string } | null;
} {
  const { views } = useList(CONTACTS);
  const all = useMemo(() => views.flatMap(({ row }) => toContact(row) ?? []), [views]);
  return useMemo(() => {
    const typed = who.trim().toLowerCase();
    const named = all.filter(({ name }) => name.toLowerCase() === typed);
    if (who === customer?.name)
      // A namesake of a lead among the contacts is somebody else.
      return { contacts: [], found: customer.table === "contacts" ? customer : null };
    return {
      contacts: all
        .filter((each) => typed !== "" && labelOf(each).toLowerCase().includes(typed))
        .slice(0, MOST_OFFERED),
      found:
        all.find((each) => labelOf(each).toLowerCase() === typed) ??
        // Two of one name: which of them is for the person to say.
        (named.length === 1 ? (named[0] ?? null) : null),
    };
  }, [all, who, customer]);
}

function labelOf({ name, phone }: Contact): string {
  return phone === null ? name : `${name} · ${phoneOf(phone)}`;
}
