import type { Appointment } from "@/api/appointments";
import { useSyncMutation } from "@/sync";
import { announce } from "@/ui/live-region";
import { useMessages } from "@/ui/messages";

export interface Move {
  readonly appointmentId: string;
  readonly start: string;
  readonly resource?: string;
}

/** Moves a booking; what is free instead comes back where its new time was taken meanwhile. */
export function useMove({ id, start, end }: Appointment, onDone?: () => void) {
  const { calendar } = useMessages();
  const length = Date.parse(end) - Date.parse(start);
  return useSyncMutation<Move>("/api/bookings/reschedule", {
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
    onSuccess: () => {
      announce(calendar.moved);
      onDone?.();
    },
  });
}
