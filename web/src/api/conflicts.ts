import type { Row } from "@/sync";

/** A disagreement with Square about one field of one job. Either side may have no value. */
export interface Conflict {
  readonly id: string;
  readonly job_id: string;
  readonly field: string;
  /** edited, work_begun, place or missing. */
  readonly kind: string;
  readonly ours: unknown;
  readonly square: unknown;
  readonly met_at: string;
}

export function toConflict(row: Row): Conflict {
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  return {
    id: text(row.id),
    job_id: text(row.job_id),
    field: text(row.field),
    kind: text(row.kind),
    ours: row.ours,
    square: row.square,
    met_at: text(row.met_at),
  };
}
