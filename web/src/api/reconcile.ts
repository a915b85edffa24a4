import * as v from "valibot";

import type { Row } from "@/sync";
import { parsed } from "./check";
import type { components } from "./schema";

const count = v.fallback(v.number(), 0);
const text = v.fallback(v.optional(v.nullable(v.string()), null), null);

const run = v.object({
  id: v.string(),
  created_at: v.string(),
  /** queued, running, ok, partial, failed, held (waits for a person), released. */
  status: v.string(),
  trigger: v.fallback(v.string(), ""),
  dry_run: v.fallback(v.boolean(), false),
  window: v.object({ from: v.string(), to: v.string() }),
  scanned: count,
  created: count,
  updated: count,
  conflicts: count,
  duration_ms: count,
  errors: v.fallback(v.array(v.object({ code: v.string(), error: v.string() })), []),
  held_for: text,
  plan_hash: text,
  rows: v.fallback(
    v.array(
      v.object({
        id: v.string(),
        action: v.string(),
        changes: v.fallback(
          v.record(v.string(), v.object({ before: v.unknown(), after: v.unknown() })),
          {},
        ),
      }),
    ),
    [],
  ),
  truncated: v.fallback(v.boolean(), false),
});

/** A comparison with Square: what was asked, how far it is, what came of it. */
export type Run = v.InferOutput<typeof run>;

export function toRun(row: Row): Run | null {
  return parsed(run, row);
}

/** It is still on its way. */
export function isUnderWay({ status }: Pick<Run, "status">): boolean {
  return status === "queued" || status === "running";
}

/** What starts one: a window, only looked at or applied as planned; or the release of one that was held. */
export type StartRun = Readonly<Partial<components["schemas"]["StartReconcile"]>>;
