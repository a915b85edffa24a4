import type { Appointment } from "@/api/appointments";
import { BookingConfirmButton } from "@/ui/buttons/booking-confirm-button";
import { useClock } from "@/ui/clock";
import { timeOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import { SyncButton } from "@/ui/sync-button";
import { MoveButton } from "./move-button";

export interface BookingActionsProps {
  readonly booking: Appointment;
  readonly tentative: boolean;
}

/** What can be done with a booking in its state. */
export function BookingActions({ booking, tentative }: BookingActionsProps) {
  const { calendar, list, confirmBooking } = useMessages();
  const clock = useClock();
  const { id, status } = booking;
  const name = booking.contact_name ?? list.unnamed;
  const isOpen = status === "pending" || status === "confirmed";
  const common = { id, name };
  return (
    <>
      {(status === "pending" || tentative) && (
        <BookingConfirmButton
          appointmentId={id}
          size="small"
          tone="primary"
          context={confirmBooking.context(name, timeOf(booking.start, clock))}
        />
      )}
      {isOpen && <MoveButton booking={booking} />}
      {status === "confirmed" && !tentative && (
        <>
          <Settle {...common} act="complete" becomes="completed" label={calendar.complete} />
          <Settle {...common} act="no-show" becomes="no_show" label={calendar.noShow} />
        </>
      )}
      {isOpen && (
        <Settle
          {...common}
          act="cancel"
          becomes="cancelled"
          label={calendar.cancelBooking}
          asks={{ title: calendar.cancelTitle, text: calendar.cancelText }}
        />
      )}
    </>
  );
}

interface SettleProps {
  readonly id: string;
  readonly name: string;
  readonly act: "cancel" | "complete" | "no-show";
  readonly becomes: string;
  readonly label: string;
  readonly asks?: { readonly title: string; readonly text: string };
}

function Settle({ id, name, act, becomes, label, asks }: SettleProps) {
  return (
    <SyncButton<{ appointmentId: string }>
      endpoint={`/api/bookings/${act}`}
      scope={`appointments/${id}`}
      priority="HIGH"
      eventTable="appointments"
      body={{ appointmentId: id }}
      optimistic={() => ({ table: "appointments", id, fields: { status: becomes } })}
      variant={asks === undefined ? "default" : "with-confirm"}
      confirmTitle={asks?.title}
      confirmMessage={asks?.text}
      isDestructive={act === "cancel"}
      successMessage={label}
      context={name}
      size="small"
      tone={act === "cancel" ? "quiet" : "secondary"}
    >
      {label}
    </SyncButton>
  );
}
