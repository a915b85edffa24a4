import { useMessages } from "../messages";
import { SyncButton } from "../sync-button";
import type { Look } from "./look";

/** Sends a text that failed once more, as its next attempt. Owners and managers. */
export function ResendButton({ smsId, ...look }: Look & { readonly smsId: string }) {
  const { resend } = useMessages();
  return (
    <SyncButton<Record<string, never>>
      {...look}
      endpoint={`/api/sms/${smsId}/retry`}
      scope={`sms_logs/${smsId}`}
      eventTable="sms_logs"
      body={{}}
      successMessage={resend.done}
    >
      {look.children ?? resend.label}
    </SyncButton>
  );
}
