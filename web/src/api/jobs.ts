import { isRecord, type Row } from "@/sync";

/** The way of a job through the house. Cancelled is beside it. */
export const WORK_STEPS = [
  "scheduled",
  "checked_in",
  "in_progress",
  "qc",
  "ready",
  "completed",
] as const;

export interface Check {
  readonly id: string;
  readonly label: string;
  readonly done: boolean;
}

/** The work behind one Square booking. */
export interface Job {
  readonly id: string;
  readonly workStatus: string;
  readonly customer: string;
  readonly tech: readonly Check[];
  readonly qc: readonly Check[];
  readonly notes: string | null;
  readonly photos: readonly {
    readonly id: string;
    readonly url: string | null;
    readonly name: string;
  }[];
  readonly history: readonly {
    readonly status: string;
    readonly at: string;
    readonly by: string | null;
  }[];
  readonly createdBy: string | null;
  /** What only Square changes, by name. */
  readonly square: readonly (readonly [string, string])[];
}

/** A stored row as a job; what of it does not fit is left out. */
export function toJob(row: Row): Job | null {
  if (typeof row.id !== "string") return null;
  const customer = isRecord(row.customerCached) ? row.customerCached : {};
  const checklist = isRecord(row.checklist) ? row.checklist : {};
  const name = [customer.givenName, customer.familyName].filter((part) => typeof part === "string");
  return {
    id: row.id,
    workStatus: text(row.workStatus) ?? "scheduled",
    customer: text(customer.name) ?? name.join(" "),
    tech: checksOf(checklist.tech),
    qc: checksOf(checklist.qc),
    notes: text(row.notes),
    photos: list(row.photosMeta).map((photo, index) => ({
      id: text(photo.id) ?? String(index),
      url: text(photo.url),
      name: text(photo.name) ?? text(photo.id) ?? String(index + 1),
    })),
    history: list(row.statusHistory).map((entry) => ({
      status: text(entry.status) ?? text(entry.to) ?? "",
      at: text(entry.at) ?? "",
      by: text(entry.by) ?? (isRecord(entry.by) ? text(entry.by.email) : null),
    })),
    createdBy: text(row.createdBy),
    square: ["appointmentTime", "serviceType"].flatMap((field): (readonly [string, string])[] => {
      const value = text(row[field]);
      return value === null ? [] : [[words(field), value]];
    }),
  };
}

/** Points as objects with a label, or plain names with what is done beside them. */
function checksOf(value: unknown): Check[] {
  if (isRecord(value))
    return Object.entries(value).map(([id, done]) => ({
      id,
      label: words(id),
      done: done === true,
    }));
  if (!Array.isArray(value)) return [];
  return value.flatMap((each: unknown, index): Check[] => {
    if (typeof each === "string") return [{ id: each, label: each, done: false }];
    if (!isRecord(each)) return [];
    const label = text(each.label) ?? text(each.name) ?? "";
    return [{ id: text(each.id) ?? String(index), label, done: each.done === true }];
  });
}

function list(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** appointmentTime is "Appointment time". */
function words(name: string): string {
  const apart = name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replaceAll("_", " ")
    .toLowerCase();
  return apart.charAt(0).toUpperCase() + apart.slice(1);
}
