import { isRecord, type Actor, type Http, type Row } from "@/sync";
import { bodyOf } from "./errors";

export const APPOINTMENT_STATUSES = [
  "pending",
  "confirmed",
  "cancelled",
  "completed",
  "no_show",
] as const;
export type AppointmentStatus = (typeof APPOINTMENT_STATUSES)[number];

/** An agreed time. Times are UTC instants, ISO 8601. */
export interface Appointment {
  readonly id: string;
  readonly contactName: string;
  readonly contactPhone: string | null;
  readonly serviceName: string;
  readonly start: string;
  readonly end: string;
  readonly status: AppointmentStatus;
  readonly notes: string | null;
  readonly confirmedAt: string | null;
  readonly confirmedBy: string | null;
  readonly updatedBy: Actor | null;
}

/** A stored row as an appointment; null while too little of it is known to show it. */
export function toAppointment(row: Row): Appointment | null {
  const { id, start, end, status } = row;
  if (typeof id !== "string" || !isInstant(start) || !isInstant(end) || !isStatus(status))
    return null;
  return {
    id,
    start,
    end,
    status,
    contactName: textOrNull(row.contact_name) ?? "",
    contactPhone: textOrNull(row.contact_phone),
    serviceName: textOrNull(row.service_name) ?? "",
    notes: textOrNull(row.notes),
    confirmedAt: textOrNull(row.confirmed_at),
    confirmedBy: textOrNull(row.confirmed_by),
    updatedBy: actorOrNull(row.updated_by),
  };
}

const PAGE = 200;
/** A list that goes on longer than this does not end. */
const MOST_PAGES = 50;

/**
 * The stored appointments that start from `from` to before `to`, all pages of them.
 *
 * @throws ApiError when the server does not answer with them.
 */
export async function readAppointments(
  http: Http,
  from: Date,
  to: Date,
  signal: AbortSignal,
): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = new URLSearchParams({
      from: from.toISOString(),
      to: to.toISOString(),
      limit: String(PAGE),
    });
    if (cursor !== null) query.set("cursor", cursor);
    const body = await bodyOf(http.request(`/api/appointments?${query}`, { signal }));
    if (!isRecord(body) || !Array.isArray(body.appointments)) break;
    rows.push(...body.appointments.filter(isRecord));
    cursor = textOrNull(body.cursor);
    if (cursor === null) break;
  }
  return rows;
}

function isInstant(value: unknown): value is string {
  return typeof value === "string" && !Number.isNaN(Date.parse(value));
}

function isStatus(value: unknown): value is AppointmentStatus {
  return APPOINTMENT_STATUSES.some((status) => status === value);
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function actorOrNull(value: unknown): Actor | null {
  if (!isRecord(value) || typeof value.id !== "string") return null;
  return { id: value.id, email: textOrNull(value.email) };
}
