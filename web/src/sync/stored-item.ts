/** Outbox items as another release of this page may have written them, into the database or to another tab. */

import * as v from "valibot";

import { ITEM_FORMAT, type OutboxItem } from "./outbox-item";

const text = v.string();
const number = v.number();

const error = v.object({
  code: text,
  message: text,
  status: number,
  requestId: v.nullable(text),
  fields: v.array(v.object({ path: text, message: text })),
  body: v.optional(v.nullable(v.record(text, v.unknown())), null),
});

const patch = v.object({ table: text, id: text, fields: v.record(text, v.unknown()) });

const item = v.object({
  format: v.literal(ITEM_FORMAT),
  endpoint: text,
  method: v.picklist(["POST", "PUT", "PATCH", "DELETE"]),
  body: v.unknown(),
  scopes: v.array(text),
  priority: v.picklist(["HIGH", "NORMAL", "LOW"]),
  eventTable: v.nullable(text),
  optimistic: v.array(patch),
  base: v.optional(v.record(text, v.unknown())),
  key: text,
  owner: text,
  state: v.picklist(["queued", "sending", "done", "rejected", "unknown"]),
  waiting: v.picklist(["turn", "retry", "network", "sign-in"]),
  attempt: number,
  createdAt: number,
  firstSentAt: v.nullable(number),
  lastSentAt: v.nullable(number),
  nextAttemptAt: number,
  notBefore: number,
  error: v.nullable(error),
  fleeting: v.optional(v.boolean(), false),
  seq: number,
  rev: number,
});

/** What was written, as an item of this release; null when a newer release wrote it, or nobody of ours. */
export function readItem(value: unknown): OutboxItem | null {
  const parsed = v.safeParse(item, upgraded(value));
  return parsed.success ? parsed.output : null;
}

/** The first format had one scope and one patch. */
function upgraded(value: unknown): unknown {
  if (typeof value !== "object" || value === null || "format" in value) return value;
  const { scope, optimistic, ...rest } = value as Record<string, unknown>;
  return {
    ...rest,
    format: ITEM_FORMAT,
    scopes: typeof scope === "string" ? [scope] : [],
    optimistic: optimistic === null || optimistic === undefined ? [] : [optimistic],
  };
}
