/** Appointments as the pages list them. */

import type { FakeServer } from "./fake-server";

/** Writes an appointment of an hour that is still to be confirmed. */
export function book(
  server: FakeServer,
  id: string,
  start: string | number,
  more: Record<string, unknown> = {},
): void {
  const from = new Date(start);
  server.commit("appointments", id, {
    start: from.toISOString(),
    end: new Date(from.getTime() + 3_600_000).toISOString(),
    status: "pending",
    service_name: "Wash",
    ...more,
  });
}

/** Has the server answer the list of appointments, as they are when it is asked. */
export function serveBookings(server: FakeServer): void {
  server.lists.set("/api/calls", () => ({
    success: true,
    calls: [...(server.tables.get("calls")?.values() ?? [])],
    cursor: null,
  }));
  server.lists.set("/api/appointments", () => ({
    success: true,
    appointments: [...(server.tables.get("appointments")?.values() ?? [])],
    cursor: null,
  }));
}
