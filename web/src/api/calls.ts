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
} satisfies Partial<Record<keyof Schemas["Call"], v.GenericSchema>>);

/** A call-back that somebody asked for. */
export type Call = v.InferOutput<typeof call>;

export function toCall(row: Row): Call | null {
  return parsed(call, row);
}

/** Somebody still has to call. */
export function isOpenCall({ status }: Call): boolean {
  return status === "requested" || status === "in_progress" || status === "no_answer";
}
