/** The wire format of changes and of the socket, read defensively: what does not fit is null. */

import { eventsOf } from "./frames";

/** One stored row. Every row carries `id` and `version`; the rest belongs to its table. */
export type Row = Readonly<Record<string, unknown>>;

/** Who did it. */
export interface Actor {
  readonly id: string;
  readonly email: string | null;
}

/** One committed change of one row, as every screen of the org receives it. */
export interface ChangeEvent {
  readonly type: "INSERT" | "UPDATE" | "DELETE";
  readonly table: string;
  readonly id: string;
  /** The row as it is now; null when it was deleted. */
  readonly record: Row | null;
  /** The former values of the fields that changed, and only of those. */
  readonly old_record: Row | null;
  /** Grows with every write of the row. */
  readonly version: number;
  readonly cursor: string | null;
  readonly commit_timestamp: string | null;
  readonly actor: Actor | null;
  /** The key of the button press that caused it. */
  readonly idempotency_key: string | null;
}

/** What the server says over the socket. */
export type ServerMessage =
  | { readonly type: "CHANGE"; readonly change: ChangeEvent }
  /** Something changed that is too large for a message: `GET /api/changes` has it. */
  | { readonly type: "TRUNCATED" }
  | { readonly type: "SUBSCRIBED"; readonly tables: readonly string[] }
  | { readonly type: "UNSUBSCRIBED"; readonly tables: readonly string[] }
  | { readonly type: "PONG" }
  | { readonly type: "ERROR"; readonly code: string; readonly error: string };

/** One page of `GET /api/changes`. */
export interface ChangesPage {
  readonly changes: readonly ChangeEvent[];
  readonly cursor: string | null;
  readonly more: boolean;
  /** Too much was missed: read the lists again. */
  readonly resync: boolean;
}

/** An object, not an array and not null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOr<T>(value: unknown, otherwise: T): string | T {
  return typeof value === "string" ? value : otherwise;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

function parseActor(value: unknown): Actor | null {
  if (!isRecord(value) || typeof value.id !== "string") return null;
  return { id: value.id, email: textOr(value.email, null) };
}

function isChangeType(value: unknown): value is ChangeEvent["type"] {
  return value === "INSERT" || value === "UPDATE" || value === "DELETE";
}

/** A change, or null when it names no row and version. */
export function parseChange(value: unknown): ChangeEvent | null {
  if (!isRecord(value)) return null;
  const { type, table, id, version } = value;
  if (!isChangeType(type) || typeof table !== "string" || typeof id !== "string") return null;
  if (typeof version !== "number" || !Number.isFinite(version)) return null;
  const record = isRecord(value.record) && type !== "DELETE" ? value.record : null;
  if (record === null && type !== "DELETE") return null;
  return {
    type,
    table,
    id,
    record,
    old_record: isRecord(value.old_record) ? value.old_record : null,
    version,
    cursor: textOr(value.cursor, null),
    commit_timestamp: textOr(value.commit_timestamp, null),
    actor: parseActor(value.actor),
    idempotency_key: textOr(value.idempotency_key, null),
  };
}

/** The messages of one frame of the socket: one, or an array of them in order. What is none of ours is left out. */
export function parseFrame(data: unknown): readonly ServerMessage[] {
  const value = parseJson(data);
  const several: readonly unknown[] = Array.isArray(value) ? value : [value];
  return several
    .flatMap(eventsOf)
    .map(parseMessage)
    .filter((message) => message !== null);
}

function parseMessage(value: unknown): ServerMessage | null {
  if (!isRecord(value)) return null;
  switch (value.type) {
    case "SUBSCRIBED":
      return { type: "SUBSCRIBED", tables: texts(value.tables) };
    case "UNSUBSCRIBED":
      return { type: "UNSUBSCRIBED", tables: texts(value.tables) };
    case "PONG":
      return { type: "PONG" };
    case "ERROR":
      return { type: "ERROR", code: textOr(value.code, "UNKNOWN"), error: textOr(value.error, "") };
    default: {
      if (value.truncated === true) return { type: "TRUNCATED" };
      const change = parseChange(value);
      return change && { type: "CHANGE", change };
    }
  }
}

/** A page of changes, or null when it is not one; single changes that do not fit are left out. */
export function parseChangesPage(value: unknown): ChangesPage | null {
  if (!isRecord(value) || !Array.isArray(value.changes)) return null;
  return {
    changes: value.changes.map(parseChange).filter((change) => change !== null),
    cursor: textOr(value.cursor, null),
    more: value.more === true,
    resync: value.resync === true,
  };
}

/** The value of a JSON text, or undefined. */
export function parseJson(text: unknown): unknown {
  if (typeof text !== "string") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
