import { Check, PhoneMissed } from "lucide-react";

import type { Call } from "@/api/calls";
import { useOne } from "@/data/use-one";
import { useClock } from "@/ui/clock";
import { momentOf } from "@/ui/format";
import { useMessages, type Messages } from "@/ui/messages";
import { SyncButton } from "@/ui/sync-button";
import { useSheet } from "@/ui/use-sheet";
import styles from "./side-lists.module.css";

/** Somebody who is to be called: when, why, and how it went. */
export function CallBack({ call }: { readonly call: Call }) {
  const messages = useMessages();
  const clock = useClock();
  const { show } = useSheet();
  const row = useOne("contacts", "contact", call.contact_id).view?.row;
  const name = typeof row?.name === "string" ? row.name : messages.list.unnamed;
  const phone = typeof row?.phone === "string" ? row.phone : null;
  const when = whenOf(messages, call, (at) => momentOf(at, clock));
  return (
    <li className={styles.item} data-call-id={call.id} data-status={call.status}>
      <span className={styles.text}>
        <button
          type="button"
          className={styles.name}
          onClick={() => show("contact", call.contact_id)}
        >
          {name}
        </button>
        <span className={styles.hint}>
          {call.notes === null ? when : `${when} · ${call.notes}`}
        </span>
      </span>
      {phone !== null && (
        <a
          className={styles.call}
          href={`tel:${phone}`}
          aria-label={`${messages.person.call} ${name}`}
        >
          {messages.person.call}
        </a>
      )}
      <Settle call={call} status="no_answer" name={name} />
      <Settle call={call} status="completed" name={name} />
    </li>
  );
}

interface SettleProps {
  readonly call: Call;
  readonly status: "completed" | "no_answer";
  readonly name: string;
}

function Settle({ call, status, name }: SettleProps) {
  const { calls } = useMessages();
  const isDone = status === "completed";
  if (!isDone && call.status === "no_answer") return null;
  const label = isDone ? calls.done : calls.noAnswer;
  const Icon = isDone ? Check : PhoneMissed;
  return (
    <span title={label}>
      <SyncButton<{ status: string }>
        endpoint={`/api/calls/${call.id}`}
        method="PATCH"
        scope={`calls/${call.id}`}
        eventTable="calls"
        // The two buttons of a call are two answers: the later one counts, and neither swallows the other.
        concurrency="latest"
        quiet={({ code }) => (code === "ALREADY_HAS_STATUS" ? label : undefined)}
        body={{ status }}
        optimistic={() => ({ table: "calls", id: call.id, fields: { status } })}
        successMessage={isDone ? calls.settled : calls.tried}
        context={`${label}, ${name}`}
        size="icon"
        tone={isDone ? "secondary" : "quiet"}
        notes="floating"
      >
        <Icon size={16} aria-hidden="true" />
      </SyncButton>
    </span>
  );
}

function whenOf({ today, calls }: Messages, call: Call, moment: (at: string) => string): string {
  if (call.status === "no_answer" && call.status_changed_at !== null)
    return calls.triedAt(moment(call.status_changed_at));
  if (call.scheduled_for !== null) return today.dueAt(moment(call.scheduled_for));
  return today.asked(moment(call.created_at ?? ""));
}
