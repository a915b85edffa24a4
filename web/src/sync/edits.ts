/** Edits that meet a row which somebody else has changed meanwhile. Pure. */

import type { SyncError } from "./errors";
import type { OutboxItem } from "./outbox-item";
import { isRecord, type Row } from "./protocol";

const SCOPE = /^(?<table>[a-z_]+)\/(?<id>[^/]+)$/;

/** One field of which two people wrote different values. */
export interface EditedField {
  readonly name: string;
  readonly mine: unknown;
  readonly theirs: unknown;
}

/** A refused edit, and the row as it is. */
export interface EditConflict {
  readonly table: string;
  readonly id: string;
  readonly row: Row;
  /** What this person and somebody else have both changed. */
  readonly fields: readonly EditedField[];
}

/** Which fields are contested; null for an item that is no refused edit. */
export function editConflictOf(item: OutboxItem): EditConflict | null {
  if (item.state !== "rejected" || item.error === null) return null;
  return conflictOf(item, item.error);
}

function conflictOf({ base, body, scopes }: OutboxItem, error: SyncError): EditConflict | null {
  const row = rowOf(error);
  const { table, id } = SCOPE.exec(scopes[0] ?? "")?.groups ?? {};
  if (base === undefined || row === null || table === undefined || id === undefined) return null;
  const wanted = isRecord(body) ? body : {};
  const fields = Object.keys(base)
    .filter((name) => !isSame(row[name], base[name]) && !isSame(row[name], wanted[name]))
    .map((name) => ({ name, mine: wanted[name], theirs: row[name] ?? null }));
  return { table, id, row, fields };
}

/** The row that came with the refusal. */
function rowOf({ code, body }: SyncError): Row | null {
  if (code !== "VERSION_CONFLICT") return null;
  const rows = Object.values(body ?? {}).filter(isRecord);
  return rows.find(({ version }) => typeof version === "number") ?? null;
}

/** A field that was never set and one that is null are the same to a person. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

/**
 * The edit upon the row as it is now, where nobody else touched the same fields; null where they
 * did. The refused request has kept no key, so the same one goes again.
 */
export function rebased(item: OutboxItem, error: SyncError): OutboxItem | null {
  const conflict = conflictOf(item, error);
  if (conflict?.fields.length !== 0) return null;
  // Refused upon the very version that it was made upon: once more would be once too many.
  const known = isRecord(item.body) ? item.body.expectedVersion : undefined;
  return known === conflict.row.version ? null : upon(item, conflict);
}

/** The edit once more, over what the other person wrote. */
export function overwriting(item: OutboxItem): OutboxItem | null {
  const conflict = editConflictOf(item);
  return conflict === null ? null : upon(item, conflict);
}

function upon(item: OutboxItem, { row }: EditConflict): OutboxItem {
  const names = Object.keys(item.base ?? {});
  return {
    ...item,
    body: { ...(isRecord(item.body) ? item.body : {}), expectedVersion: row.version },
    base: Object.fromEntries(names.map((name) => [name, row[name] ?? null])),
    state: "queued",
    waiting: "turn",
    attempt: 0,
    nextAttemptAt: 0,
    error: null,
  };
}
