import { useEffect, useId, useState, type ReactNode } from "react";

import { MAX_ATTEMPTS, useSyncMutation, type SyncMutation, type SyncMutationConfig } from "@/sync";
import { Button, type ButtonProps } from "./button";
import { ConfirmDialog } from "./confirm-dialog";
import { announce, Hidden } from "./live-region";
import { messages, sentenceOf } from "./messages";
import { Spinner } from "./spinner";
import styles from "./sync-button.module.css";

export type SyncButtonVariant = "default" | "with-confirm" | "with-progress" | "disabled";

export interface SyncButtonProps<TBody, TData> extends SyncMutationConfig<TBody, TData> {
  readonly endpoint: string;
  /** What a click sends... */
  readonly body?: TBody;
  /** ... unless this decides what to send. */
  readonly onClick?: (mutate: (body: TBody) => void) => void;
  readonly children: ReactNode;
  /** What it acts upon, for those who do not see the rest of the row. */
  readonly context?: string | undefined;
  readonly pendingLabel?: string;
  readonly variant?: SyncButtonVariant | undefined;
  /** The question of `with-confirm`, and more about it. */
  readonly confirmTitle?: string;
  readonly confirmMessage?: string | undefined;
  /** Announced when it is done. */
  readonly successMessage?: string;
  readonly tone?: ButtonProps["tone"];
  readonly size?: ButtonProps["size"] | undefined;
}

/**
 * A button that shows what really happens to its action. While that is under way it keeps the
 * focus and swallows clicks: a double click is one action. Refusals and doubts stand below it.
 */
export function SyncButton<TBody, TData = unknown>(props: SyncButtonProps<TBody, TData>) {
  const { endpoint, body, onClick, variant = "default", children } = props;
  const { successMessage } = props;
  const mutation = useSyncMutation<TBody, TData>(endpoint, {
    ...props,
    onSuccess: (data, kept) => {
      // Here, not in an effect: with the success the button is often taken away.
      const news = kept ? messages.button.keptNote : successMessage;
      if (news !== undefined) announce(news);
      props.onSuccess?.(data, kept);
    },
  });
  const [asking, setAsking] = useState(false);
  const noteId = useId();
  const note = noteOf(mutation);
  useAnnouncements(mutation.isKept ? null : note, mutation.attempt, variant === "with-progress");

  const act = (): void => {
    if (onClick) onClick(mutation.mutate);
    else if (body !== undefined) mutation.mutate(body);
  };
  const press = (): void => {
    if (mutation.isPending) return;
    if (variant === "with-confirm" && !mutation.isUnknown) setAsking(true);
    else act();
  };
  return (
    <span className={styles.holder} data-state={mutation.isQueued ? "queued" : mutation.status}>
      <Button
        tone={props.tone ?? "primary"}
        size={props.size ?? "normal"}
        disabled={variant === "disabled"}
        aria-busy={mutation.isPending}
        aria-describedby={note === null ? undefined : noteId}
        onClick={press}
      >
        {mutation.isPending && !mutation.isQueued && <Spinner />}
        <span>{labelOf(mutation, variant, children, props.pendingLabel)}</span>
        {props.context !== undefined && (
          <>
            {" "}
            <Hidden>{props.context}</Hidden>
          </>
        )}
      </Button>
      {variant === "with-progress" && <Steps mutation={mutation} />}
      {note !== null && (
        <span id={noteId} className={mutation.isError ? styles.error : styles.note}>
          {note}
        </span>
      )}
      {asking && (
        <ConfirmDialog
          title={props.confirmTitle ?? props.confirmMessage ?? ""}
          text={props.confirmTitle === undefined ? undefined : props.confirmMessage}
          confirmLabel={typeof children === "string" ? children : messages.confirmBooking.label}
          cancelLabel={messages.button.cancel}
          onConfirm={act}
          onClose={() => setAsking(false)}
        />
      )}
    </span>
  );
}

type Shown = Pick<
  SyncMutation<never, unknown>,
  "status" | "isPending" | "isQueued" | "isUnknown" | "isKept" | "attempt" | "error"
>;

function labelOf(
  shown: Shown,
  variant: SyncButtonVariant,
  label: ReactNode,
  pending?: string,
): ReactNode {
  if (shown.isUnknown) return messages.button.tryAgain;
  if (!shown.isPending) return label;
  if (shown.isQueued) return messages.button.queued;
  const repeated = variant === "with-progress" && shown.attempt > 1;
  return repeated ? messages.button.retrying(shown.attempt, MAX_ATTEMPTS) : (pending ?? label);
}

function noteOf({ status, error, isUnknown, isQueued, isKept }: Shown): string | null {
  if (isKept) return messages.button.keptNote;
  if (isQueued) return messages.button.queuedNote;
  if (isUnknown)
    return error?.code === "KEY_EXPIRED" ? sentenceOf(error) : messages.button.unknownNote;
  return status === "error" && error !== null ? sentenceOf(error) : null;
}

/** Which of the attempts this is, as dots. */
function Steps({ mutation }: { readonly mutation: Shown }) {
  if (!mutation.isPending) return null;
  return (
    <span aria-hidden="true" className={styles.steps}>
      {Array.from({ length: MAX_ATTEMPTS }, (_, step) => (
        <span key={step} className={step < mutation.attempt ? styles.stepDone : styles.step} />
      ))}
    </span>
  );
}

/** Says what stands below the button, and each further attempt where the progress is shown. */
function useAnnouncements(note: string | null, attempt: number, progress: boolean): void {
  useEffect(() => {
    if (note !== null) announce(note);
  }, [note]);
  useEffect(() => {
    if (progress && attempt > 1) announce(messages.button.attempt(attempt, MAX_ATTEMPTS));
  }, [progress, attempt]);
}
