import * as v from "valibot";

import type { Row } from "@/sync";
import { parsed, text, type Schemas } from "./check";

const call = v.object({
  id: v.string(),
  contact_id: v.string(),
  status: v.string(),
  notes: text,
  scheduled_for: text,
  created_at: text,
  status_changed_at: text,
} satisfies Partial<Record<keyof Schemas["Call"], v.GenericSchema>>);

/** A call-back that somebody asked for. */
export type Call = v.InferOutput<typeof call>;

export function toCall(row: Row): Call | null {
  return parsed(call, row);
}

/** Somebody still has to call. */
export const OPEN_CALL_STATUSES = [
  "requested",
  "in_progress",
  "no_answer",
] as const satisfies readonly Schemas["CallStatus"][];

export function isOpenCall({ status }: Pick<Call, "status">): boolean {
  return OPEN_CALL_STATUSES.some((each) => each === status);
}
