import { useRow, useSyncClient, type SyncError } from "@/sync";
import { useMessages } from "../messages";
import { SyncButton, type SyncButtonVariant } from "../sync-button";
import type { Look } from "./look";

interface ContactButtonProps extends Look {
  readonly contactId: string;
  readonly variant?: SyncButtonVariant | undefined;
  readonly confirmMessage?: string | undefined;
  readonly onError?: ((error: SyncError) => void) | undefined;
}

/** A contact as far as its change told. */
export interface ChangedContact {
  readonly id: string;
  readonly lead_status: string;
}

export interface MarkButtonProps extends ContactButtonProps {
  readonly onSuccess?: ((contact: ChangedContact) => void) | undefined;
}

/** Marks a contact as booked. One that is booked already stays as it is. */
export function MarkBookedButton(props: MarkButtonProps) {
  const { markBooked } = useMessages();
  return (
    <MarkButton {...props} status="booked" successMessage={markBooked.done}>
      {props.children ?? markBooked.label}
    </MarkButton>
  );
}

/** Marks a contact as lost; asks first unless another `variant` is given. */
export function MarkLostButton({ variant = "with-confirm", ...props }: MarkButtonProps) {
  const { markLost } = useMessages();
  return (
    <MarkButton
      {...props}
      variant={variant}
      status="lost"
      confirmTitle={markLost.title}
      confirmMessage={props.confirmMessage ?? markLost.text}
      successMessage={markLost.done}
      isDestructive
    >
      {props.children ?? markLost.label}
    </MarkButton>
  );
}

interface MarkProps extends MarkButtonProps {
  readonly status: "booked" | "lost";
  readonly successMessage: string;
  readonly confirmTitle?: string;
  readonly isDestructive?: boolean;
}

function MarkButton({ contactId: id, status, onSuccess, ...rest }: MarkProps) {
  const { rows } = useSyncClient();
  const live = useRow("contacts", id);
  const version = rows.confirmed("contacts", id)?.version;
  // Pressed upon what the screen shows: another person's mark in between is not overwritten.
  const isKnown = typeof version === "number" && typeof live?.row.lead_status === "string";
  return (
    <SyncButton<{ lead_status: string; expectedVersion?: number }, { contact?: ChangedContact }>
      {...rest}
      endpoint={`/api/contacts/${id}`}
      method="PATCH"
      scope={`contacts/${id}`}
      scopes={[`#${status}/contacts/${id}`]}
      eventTable="contacts"
      body={{ lead_status: status, ...(isKnown ? { expectedVersion: version } : {}) }}
      base={() => (isKnown ? { lead_status: live.row.lead_status } : undefined)}
      optimistic={() => ({ table: "contacts", id, fields: { lead_status: status } })}
      onSuccess={(answer) => onSuccess?.(answer?.contact ?? { id, lead_status: status })}
    >
      {rest.children}
    </SyncButton>
  );
}

/** A call-back as it was noted. */
export interface NotedCall {
  readonly id: string;
  readonly contact_id: string;
  readonly status: string;
}

export interface CallBackButtonProps extends ContactButtonProps {
  readonly callNotes?: string | undefined;
  /** When to call, ISO 8601; without it as soon as somebody can. */
  readonly scheduledFor?: string | undefined;
  readonly onSuccess?: ((call: NotedCall | undefined) => void) | undefined;
}

/** Notes that somebody has to call this contact back. */
export function CallBackButton(props: CallBackButtonProps) {
  const { contactId, callNotes, scheduledFor, onSuccess, ...rest } = props;
  const { callBack } = useMessages();
  return (
    <SyncButton<{ notes?: string; scheduledFor?: string }, { call?: NotedCall }>
      {...rest}
      endpoint={`/api/contacts/${contactId}/call-back`}
      scope={`calls/${contactId}`}
      eventTable="calls"
      body={{
        ...(callNotes === undefined ? {} : { notes: callNotes }),
        ...(scheduledFor === undefined ? {} : { scheduledFor }),
      }}
      confirmTitle={callBack.title}
      successMessage={callBack.done}
      onSuccess={(answer) => onSuccess?.(answer?.call)}
    >
      {props.children ?? callBack.label}
    </SyncButton>
  );
}
