/** Where rows stand in answers: `{success, appointment: {...}}`, also beside an error. */

import { isRecord, type Row } from "./protocol";

const TABLE_OF: Readonly<Record<string, string>> = {
  appointment: "appointments",
  call: "calls",
  contact: "contacts",
  job: "jobs",
  lead: "leads",
  sms: "sms_logs",
};

const TABLE_OF_MANY: Readonly<Record<string, string>> = { leads: "leads" };

/** A row of an answer and the table it belongs to. It may be less than the whole row. */
export interface FoundRow {
  readonly table: string;
  readonly row: Row & { readonly id: string };
}

/** The rows that an answer carries. */
export function rowsIn(body: unknown): readonly FoundRow[] {
  if (!isRecord(body)) return [];
  return Object.entries(body).flatMap(([name, value]) => {
    const table = TABLE_OF[name];
    if (table !== undefined) return found(table, value);
    const many = TABLE_OF_MANY[name];
    return many !== undefined && Array.isArray(value)
      ? value.flatMap((each) => found(many, each))
      : [];
  });
}

function found(table: string, value: unknown): FoundRow[] {
  if (!isRecord(value) || typeof value.id !== "string") return [];
  return [{ table, row: { ...value, id: value.id } }];
}
