import * as v from "valibot";

import type { Row } from "@/sync";
import { instant, number, parsed, text, type Schemas } from "./check";

const problem = v.fallback(
  v.optional(v.nullable(v.object({ code: v.string(), reason: v.fallback(v.string(), "") })), null),
  null,
);

const stored = v.object({
  id: v.string(),
  person_table: v.fallback(v.string(), "contacts"),
  person_id: v.string(),
  message: v.string(),
  direction: v.string(),
  status: v.string(),
  created_at: text,
  sent_at: text,
  delivered_at: text,
  held_until: text,
  answer: text,
  attempt: number,
  error: problem,
} satisfies Partial<Record<keyof Schemas["SmsLog"], v.GenericSchema>>);

/** One text message of somebody's thread. `at`: when it was sent, or written. */
export interface Text {
  readonly id: string;
  readonly personTable: string;
  readonly personId: string;
  readonly message: string;
  readonly isOut: boolean;
  readonly status: string;
  readonly at: string;
  /** When it was written: by this the server orders conversations. */
  readonly writtenAt: string;
  /** Our system has answered it. */
  readonly isAnswered: boolean;
  readonly heldUntil: string | null;
  readonly attempt: number;
  readonly error: { readonly code: string; readonly reason: string } | null;
}

/** A stored row as a text; null while too little of it is known. */
export function toText(row: Row): Text | null {
  const sms = parsed(stored, row);
  if (sms === null) return null;
  return {
    id: sms.id,
    personTable: sms.person_table,
    personId: sms.person_id,
    message: sms.message,
    isOut: sms.direction === "out",
    status: sms.status,
    at: sms.sent_at ?? sms.created_at ?? "",
    writtenAt: sms.created_at ?? sms.sent_at ?? "",
    isAnswered: sms.answer !== null,
    heldUntil: sms.held_until,
    attempt: sms.attempt ?? 1,
    error: sms.error,
  };
}

const listed = v.object({
  id: v.string(),
  message: v.string(),
  direction: v.string(),
  status: v.string(),
  sentAt: instant,
  heldUntil: text,
  error: problem,
} satisfies Partial<Record<keyof Schemas["SmsMessage"], v.GenericSchema>>);

/** A message of a thread's answer as a text. */
export function fromThread(
  row: Row,
  person: { readonly table: string; readonly id: string },
): Text | null {
  const sms = parsed(listed, row);
  if (sms === null) return null;
  return {
    id: sms.id,
    personTable: person.table,
    personId: person.id,
    message: sms.message,
    isOut: sms.direction === "out",
    status: sms.status,
    at: sms.sentAt,
    writtenAt: sms.sentAt,
    isAnswered: false,
    heldUntil: sms.heldUntil,
    attempt: typeof row.attempt === "number" ? row.attempt : 1,
    error: sms.error,
  };
}

const failed = v.object({
  id: v.string(),
  person_table: v.string(),
  person_id: v.string(),
} satisfies Partial<Record<keyof Schemas["FailedSms"], v.GenericSchema>>);

/** A text that failed, as the list of them tells it. */
export function toFailedText(row: Row): Text | null {
  const sms = parsed(failed, row);
  return sms && fromThread(row, { table: sms.person_table, id: sms.person_id });
}
