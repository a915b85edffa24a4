import { isRecord, type ChangeEvent, type Progress, type SyncError } from "@/sync";
import { messages } from "../messages";
import { SyncButton, type SyncButtonVariant } from "../sync-button";

/** An appointment as far as its confirmation told. */
export interface ConfirmedAppointment {
  readonly id: string;
  readonly status: string;
}

export interface BookingConfirmButtonProps {
  readonly appointmentId: string;
  readonly variant?: SyncButtonVariant;
  /** What `with-confirm` asks. */
  readonly confirmMessage?: string;
  /** Whose booking it is, and when: for those who do not see the rest of the row. */
  readonly context?: string;
  readonly size?: "normal" | "small";
  readonly onSuccess?: (appointment: ConfirmedAppointment) => void;
  /** `error.code` says why: ALREADY_CONFIRMED, APPOINTMENT_CANCELLED ... */
  readonly onError?: (error: SyncError) => void;
  readonly onProgress?: (progress: Progress) => void;
}

interface Body {
  readonly appointmentId: string;
}

interface Answer {
  readonly appointment?: ConfirmedAppointment;
}

/** Confirms a pending appointment, once. Shows it as confirmed at once, and takes that back if it is refused. */
export function BookingConfirmButton(props: BookingConfirmButtonProps) {
  const { appointmentId: id, onSuccess, onError, onProgress } = props;
  return (
    <SyncButton<Body, Answer>
      endpoint="/api/bookings/confirm"
      scope={`appointments/${id}`}
      priority="HIGH"
      eventTable="appointments"
      body={{ appointmentId: id }}
      optimistic={() => ({ table: "appointments", id, fields: { status: "confirmed" } })}
      fromEvent={answerOf}
      variant={props.variant}
      confirmTitle={messages.confirmBooking.title}
      confirmMessage={props.confirmMessage}
      pendingLabel={messages.confirmBooking.pending}
      successMessage={messages.confirmBooking.done}
      context={props.context}
      size={props.size}
      onSuccess={(answer) => onSuccess?.(answer?.appointment ?? { id, status: "confirmed" })}
      onError={onError}
      onProgress={onProgress}
    >
      {messages.confirmBooking.label}
    </SyncButton>
  );
}

/** The change says the same as the answer would have. */
function answerOf({ id, record }: ChangeEvent): Answer {
  const status =
    isRecord(record) && typeof record.status === "string" ? record.status : "confirmed";
  return { appointment: { id, status } };
}
