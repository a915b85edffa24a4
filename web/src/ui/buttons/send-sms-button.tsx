import type { Progress, SyncError } from "@/sync";
import { useMessages } from "../messages";
import { SyncButton, type SyncButtonVariant } from "../sync-button";
import type { Look } from "./look";

/** A text as it was accepted. */
export interface AcceptedText {
  readonly id: string;
  readonly message: string;
  readonly status: string;
  readonly segments?: number;
  readonly sentAt?: string;
}

interface Recipient {
  /** To a lead ... */
  readonly leadId?: string | undefined;
  /** ... or to a contact. */
  readonly contactId?: string | undefined;
}

export interface SendSMSButtonProps extends Recipient, Look {
  /** The text, at most 1,600 characters (160 to a contact), unless a template says it. */
  readonly message?: string | undefined;
  readonly templateId?: string | undefined;
  readonly variables?: Readonly<Record<string, string>> | undefined;
  readonly variant?: SyncButtonVariant | undefined;
  readonly confirmMessage?: string | undefined;
  /** `sms` is undefined where only the change told that it was accepted. */
  readonly onSuccess?: ((sms: AcceptedText | undefined) => void) | undefined;
  /** CIRCUIT_BREAKER_OPEN is none: the text is kept and goes out by itself. */
  readonly onError?: ((error: SyncError) => void) | undefined;
  /** `attempt` of `maxAttempts`. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Called with the press, before anything is sent: the moment to empty the composer. */
  readonly onPress?: (() => void) | undefined;
}

interface Body {
  readonly leadId?: string;
  readonly message?: string;
  readonly templateId?: string;
  readonly variables?: Readonly<Record<string, string>>;
}

interface Answer {
  readonly sms?: AcceptedText;
}

/** Sends one text, exactly once, however often the network fails. Each press is a text of its own. */
export function SendSMSButton(props: SendSMSButtonProps) {
  const { leadId, contactId, message, templateId, variables, onSuccess, onPress, ...rest } = props;
  const { sendSms } = useMessages();
  const person = leadId === undefined ? `contacts/${contactId ?? ""}` : `leads/${leadId}`;
  const body: Body = {
    ...(leadId === undefined ? {} : { leadId }),
    ...(templateId === undefined ? {} : { templateId, variables: variables ?? {} }),
    ...(templateId === undefined && message !== undefined ? { message } : {}),
  };
  return (
    <SyncButton<Body, Answer>
      {...rest}
      endpoint={
        leadId === undefined ? `/api/contacts/${contactId ?? ""}/sms` : "/api/leads/send-sms"
      }
      scope={`texts/${person}`}
      concurrency="queue"
      priority="NORMAL"
      eventTable="sms_logs"
      onClick={(mutate) => {
        mutate(body);
        onPress?.();
      }}
      confirmTitle={sendSms.title}
      confirmMessage={props.confirmMessage ?? message}
      successMessage={sendSms.done}
      onSuccess={(answer) => onSuccess?.(answer?.sms)}
    >
      {props.children ?? sendSms.label}
    </SyncButton>
  );
}
