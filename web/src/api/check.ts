/** What the server answers, checked where it comes in. */

import * as v from "valibot";

import type { Row } from "@/sync";
import type { components } from "./schema";

/** The rows and shapes of the API, as docs/api/openapi.json describes them. */
export type Schemas = components["schemas"];

export const text = v.fallback(v.optional(v.nullable(v.string()), null), null);
export const number = v.fallback(v.optional(v.nullable(v.number()), null), null);
export const actor = v.fallback(
  v.optional(v.nullable(v.object({ id: v.string(), email: v.fallback(v.string(), "") })), null),
  null,
);
/** A moment that can be shown. */
export const instant = v.pipe(
  v.string(),
  v.check((value) => !Number.isNaN(Date.parse(value))),
);

/** A row as this release knows it; null when too little of it fits to show it. */
export function parsed<TSchema extends v.GenericSchema>(
  schema: TSchema,
  row: Row,
): v.InferOutput<TSchema> | null {
  const result = v.safeParse(schema, row);
  return result.success ? result.output : null;
}
