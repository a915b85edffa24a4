import * as v from "valibot";

import { isRecord, type Row } from "@/sync";
import { instant, parsed, text, type Schemas } from "./check";
import { fromThread, type Text } from "./texts";

/** Somebody to whom texts go. */
export interface PersonRef {
  readonly table: "leads" | "contacts";
  readonly id: string;
}

/** All texts with one person, by the last of them. */
export interface Conversation {
  readonly person: PersonRef;
  /** Null: only the socket has told of the person. */
  readonly name: string | null;
  readonly last: Text;
  /** When the last text was written. */
  readonly at: string;
  /** The person waits for somebody to read it. */
  readonly isUnanswered: boolean;
}

const stored = v.object({
  person: v.object({
    kind: v.picklist(["contacts", "leads"]),
    id: v.string(),
    name: text,
  } satisfies Partial<Record<keyof Schemas["ThreadPerson"], v.GenericSchema>>),
  at: instant,
  unanswered: v.boolean(),
} satisfies Partial<Record<keyof Schemas["Thread"], v.GenericSchema>>);

/** A row of `GET /api/sms/threads`; null while this release cannot show it. */
export function toConversation(row: Row): Conversation | null {
  const thread = parsed(stored, row);
  if (thread === null || !isRecord(row.last)) return null;
  const { kind: table, id, name } = thread.person;
  const last = fromThread(row.last, { table, id });
  if (last === null) return null;
  return { person: { table, id }, name, last, at: thread.at, isUnanswered: thread.unanswered };
}
