import { useState } from "react";

import { toAppointment, type Appointment } from "@/api/appointments";
import { isRecord, useSyncClient, useSyncMutation, type RowStore } from "@/sync";
import { announce } from "@/ui/live-region";
import { useMessages } from "@/ui/messages";

export interface Move {
  readonly appointmentId: string;
  readonly start: string;
  readonly resource?: string;
}

interface Body extends Move {
  /** The booking as it was when the move began. */
  readonly expectedVersion?: number;
}

/**
 * Moves a booking; what is free instead comes back where its new time was taken meanwhile. Where
 * somebody else has moved it since this began it is refused and shown as it is; whatever else
 * they did to it does not stand in the way.
 */
export function useMove({ id, start, end, resource: bay }: Appointment, onDone?: () => void) {
  const { calendar } = useMessages();
  const { rows } = useSyncClient();
  const length = Date.parse(end) - Date.parse(start);
  const [seen, setSeen] = useState(() => ({ version: versionOf(rows, id), start, bay }));
  const move = useSyncMutation<Body>("/api/bookings/reschedule", {
    scope: `appointments/${id}`,
    concurrency: "latest",
    priority: "HIGH",
    eventTable: "appointments",
    optimistic: ({ start: to, resource }) => ({
      table: "appointments",
      id,
      fields: {
        start: to,
        end: new Date(Date.parse(to) + length).toISOString(),
        ...(resource === undefined ? {} : { resource }),
      },
    }),
    base: ({ resource }) =>
      seen.version === null
        ? undefined
        : {
            start: toSecond(seen.start),
            ...(resource === undefined ? {} : { resource: seen.bay }),
          },
    onSuccess: () => {
      announce(calendar.moved);
      onDone?.();
    },
    onError: ({ code, body }) => {
      if (code !== "VERSION_CONFLICT") return;
      // It has been said, and the booking is shown as it is now: the next press is upon that.
      const now = isRecord(body?.appointment) ? toAppointment(body.appointment) : null;
      if (now !== null)
        setSeen({ version: versionOf(rows, id), start: now.start, bay: now.resource });
    },
  });
  const mutate = ({ start: to, ...more }: Move): void => {
    const version = seen.version === null ? {} : { expectedVersion: seen.version };
    move.mutate({ ...more, start: toSecond(to), ...version });
  };
  return { ...move, mutate };
}

function versionOf(rows: RowStore, id: string): number | null {
  const version = rows.confirmed("appointments", id)?.version;
  return typeof version === "number" ? version : null;
}

/** As the server writes an agreed time: only so can the two be compared. */
function toSecond(instant: string): string {
  return new Date(instant).toISOString().replace(/\.\d+Z$/, "Z");
}
