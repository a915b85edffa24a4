import * as v from "valibot";

import type { Row } from "@/sync";
import { actor, instant, parsed, text, type Schemas } from "./check";

/** The states this release knows. A later server may know more: they are shown as they are. */
export const APPOINTMENT_STATUSES = [
  "pending",
  "confirmed",
  "cancelled",
  "completed",
  "no_show",
] as const satisfies readonly Schemas["AppointmentStatus"][];

const appointment = v.object({
  id: v.string(),
  start: instant,
  end: instant,
  status: v.string(),
  contact_id: text,
  contact_name: text,
  contact_phone: text,
  service_id: text,
  service_name: text,
  resource: text,
  notes: text,
  confirmed_at: text,
  confirmed_by: text,
  updated_by: actor,
} satisfies Partial<Record<keyof Schemas["Appointment"], v.GenericSchema>>);

/** An agreed time. Times are UTC instants, ISO 8601. */
export type Appointment = v.InferOutput<typeof appointment>;

/** A stored row as an appointment; null while too little of it is known to show it. */
export function toAppointment(row: Row): Appointment | null {
  return parsed(appointment, row);
}
