import { isRecord, type ChangeEvent, type Progress, type SyncError } from "@/sync";
import { nameOf } from "../format";
import { useMessages } from "../messages";
import { SyncButton, type SyncButtonVariant } from "../sync-button";
import type { Look } from "./look";

/** An appointment as far as its confirmation told. */
export interface ConfirmedAppointment {
  readonly id: string;
  readonly status: string;
}

export interface BookingConfirmButtonProps extends Look {
  readonly appointmentId: string;
  readonly variant?: SyncButtonVariant | undefined;
  /** What `with-confirm` asks. */
  readonly confirmMessage?: string | undefined;
  /** Kept with the booking: who agreed to it, if not the one who presses. */
  readonly confirmedBy?: string | undefined;
  readonly bookingNotes?: string | undefined;
  readonly onSuccess?: ((appointment: ConfirmedAppointment) => void) | undefined;
  /** `error.code` says why: ALREADY_CONFIRMED, APPOINTMENT_CANCELLED ... */
  readonly onError?: ((error: SyncError) => void) | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

interface Body {
  readonly appointmentId: string;
  readonly confirmedBy?: string;
  readonly notes?: string;
}

interface Answer {
  readonly appointment?: ConfirmedAppointment;
}

/** Confirms a pending appointment, once. Shows it as confirmed at once, and takes that back if it is refused. */
export function BookingConfirmButton(props: BookingConfirmButtonProps) {
  const { appointmentId: id, confirmedBy, bookingNotes, onSuccess, ...rest } = props;
  const { confirmBooking } = useMessages();
  return (
    <SyncButton<Body, Answer>
      {...rest}
      endpoint="/api/bookings/confirm"
      scope={`appointments/${id}`}
      priority="HIGH"
      eventTable="appointments"
      body={{
        appointmentId: id,
        ...(confirmedBy === undefined ? {} : { confirmedBy }),
        ...(bookingNotes === undefined ? {} : { notes: bookingNotes }),
      }}
      optimistic={() => ({ table: "appointments", id, fields: { status: "confirmed" } })}
      fromEvent={answerOf}
      confirmTitle={confirmBooking.title}
      successMessage={confirmBooking.done}
      // It is as they wanted it: no reason for red.
      quiet={(error) =>
        error.code === "ALREADY_CONFIRMED" ? confirmBooking.already(whoOf(error)) : undefined
      }
      onSuccess={(answer) => onSuccess?.(answer?.appointment ?? { id, status: "confirmed" })}
    >
      {props.children ?? confirmBooking.label}
    </SyncButton>
  );
}

/** The change says the same as the answer would have. */
function answerOf({ id, record }: ChangeEvent): Answer {
  const status =
    isRecord(record) && typeof record.status === "string" ? record.status : "confirmed";
  return { appointment: { id, status } };
}

/** Who was first, as far as the row that came with the refusal tells. */
function whoOf({ body }: SyncError): string {
  const row = isRecord(body?.appointment) ? body.appointment : {};
  const by = isRecord(row.updated_by) ? row.updated_by.email : undefined;
  return typeof by === "string" && by !== "" ? nameOf(by) : "";
}
