/** What the page shows of the rows it knows. */

import { toAppointment, type Appointment } from "@/api/appointments";
import type { RowView } from "@/sync";
import { dayAt } from "./days";

/** An appointment and whether what is shown of it is confirmed by the server. */
export interface Entry {
  readonly appointment: Appointment;
  /** A button was pressed and the server has not answered yet. */
  readonly tentative: boolean;
}

export interface AgendaDay {
  readonly day: string;
  readonly entries: readonly Entry[];
}

export interface Range {
  readonly from: Date;
  readonly to: Date;
}

/** Whether a stored row starts within the range. */
export function startsWithin(start: unknown, { from, to }: Range): boolean {
  const at = typeof start === "string" ? Date.parse(start) : Number.NaN;
  return at >= from.getTime() && at < to.getTime();
}

/** The appointments of the range by day, earliest first; days without any are left out. */
export function agendaOf(views: readonly RowView[], range: Range, timeZone: string): AgendaDay[] {
  const entries = views
    .filter(({ row }) => startsWithin(row.start, range))
    .flatMap(({ row, tentative }): Entry[] => {
      const appointment = toAppointment(row);
      return appointment === null ? [] : [{ appointment, tentative }];
    })
    .sort((a, b) => order(a.appointment, b.appointment));
  const days = new Map<string, Entry[]>();
  for (const entry of entries) {
    const day = dayAt(Date.parse(entry.appointment.start), timeZone);
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return [...days].map(([day, ofDay]) => ({ day, entries: ofDay }));
}

function order(a: Appointment, b: Appointment): number {
  return Date.parse(a.start) - Date.parse(b.start) || a.id.localeCompare(b.id);
}

/** Somebody has to decide about it: also while the answer is on its way. */
export function isToConfirm({ appointment, tentative }: Entry): boolean {
  return appointment.status === "pending" || (tentative && appointment.status === "confirmed");
}
