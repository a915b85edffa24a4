import { Check, Clock3 } from "lucide-react";
import { useEffect, useId, useState, type ReactNode } from "react";

import {
  useSyncMutation,
  type SyncError,
  type SyncMutation,
  type SyncMutationConfig,
} from "@/sync";
import { Button, type ButtonProps } from "./button";
import { ConfirmDialog } from "./confirm-dialog";
import { announce, Hidden } from "./live-region";
import { useMessages } from "./messages";
import { Spinner } from "./spinner";
import { noteOf, NoteLine, Steps, type Note } from "./sync-button-note";
import styles from "./sync-button.module.css";

export type SyncButtonVariant = "default" | "with-confirm" | "with-progress" | "disabled";

export interface SyncButtonProps<TBody, TData> extends SyncMutationConfig<TBody, TData> {
  readonly endpoint: string;
  /** What a click sends... */
  readonly body?: TBody | undefined;
  /** ... unless this decides what to send. */
  readonly onClick?: ((mutate: (body: TBody) => void) => void) | undefined;
  readonly children: ReactNode;
  /** What it acts upon, for those who do not see the rest of the row. */
  readonly context?: string | undefined;
  readonly variant?: SyncButtonVariant | undefined;
  /** The question of `with-confirm`, and more about it. */
  readonly confirmTitle?: string | undefined;
  readonly confirmMessage?: string | undefined;
  /** The answer does harm that cannot be undone. */
  readonly isDestructive?: boolean | undefined;
  /** Announced when it is done. */
  readonly successMessage?: string | undefined;
  /** Said in place of the server's refusal. */
  readonly errorMessage?: string | undefined;
  /** Refusals that are no fault, by code, and what to say then: it is as the person wanted it. */
  readonly quiet?: ((error: SyncError) => string | undefined) | undefined;
  readonly tone?: ButtonProps["tone"];
  readonly size?: ButtonProps["size"];
  readonly disabled?: boolean | undefined;
  /** `floating`: what is to be said hangs over what is below, so that a row keeps its height. */
  readonly notes?: "below" | "floating" | undefined;
}

/**
 * A button that shows what really happens to its action. While that is under way it keeps the
 * focus and swallows clicks: a double click is one action. It never changes its width. Refusals
 * and doubts stand below it.
 */
export function SyncButton<TBody, TData = unknown>(props: SyncButtonProps<TBody, TData>) {
  const { endpoint, body, onClick, variant = "default", children, successMessage } = props;
  const messages = useMessages();
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
  const note = useNote(mutation, props);
  const act = (): void => {
    if (onClick) onClick(mutation.mutate);
    else if (body !== undefined) mutation.mutate(body);
  };
  const press = (): void => {
    if (mutation.isPending && (props.concurrency ?? "one") === "one") return;
    if (variant === "with-confirm" && !mutation.isUnknown) setAsking(true);
    else act();
  };
  return (
    <span className={styles.holder} data-state={mutation.isQueued ? "queued" : mutation.status}>
      <Button
        tone={props.tone}
        size={props.size}
        disabled={variant === "disabled" || props.disabled === true}
        aria-busy={mutation.isPending}
        aria-describedby={note === null ? undefined : noteId}
        onClick={press}
      >
        <Face mutation={mutation}>{children}</Face>
        {props.context !== undefined && (
          <>
            {" "}
            <Hidden>{props.context}</Hidden>
          </>
        )}
      </Button>
      {variant === "with-progress" && mutation.isPending && <Steps attempt={mutation.attempt} />}
      {note !== null && (
        <NoteLine
          id={noteId}
          note={note}
          floating={props.notes === "floating"}
          onRetry={mutation.retry}
        />
      )}
      {asking && (
        <ConfirmDialog
          title={props.confirmTitle ?? props.confirmMessage ?? ""}
          text={props.confirmTitle === undefined ? undefined : props.confirmMessage}
          confirmLabel={children}
          cancelLabel={messages.button.cancel}
          isDestructive={props.isDestructive}
          onConfirm={act}
          onClose={() => setAsking(false)}
        />
      )}
    </span>
  );
}

type Shown = Pick<
  SyncMutation<never, unknown>,
  "isPending" | "isQueued" | "isSuccess" | "isUnknown" | "status"
>;

/** The label, and over it a sign of what happens to the press. */
function Face({ mutation, children }: { mutation: Shown; readonly children: ReactNode }) {
  const { isPending, isQueued } = mutation;
  const [doneShown, setDoneShown] = useState(false);
  useEffect(() => {
    if (!mutation.isSuccess) return;
    const from = setTimeout(() => setDoneShown(true), 0);
    const to = setTimeout(() => setDoneShown(false), 1_000);
    return () => {
      clearTimeout(from);
      clearTimeout(to);
    };
  }, [mutation.isSuccess]);
  const isDone = doneShown && mutation.isSuccess;
  const waits = isPending && !isQueued;
  const hide = isQueued || isDone ? styles.covered : waits ? styles.early : "";
  return (
    <>
      <span className={`${styles.label ?? ""} ${hide ?? ""}`}>{children}</span>
      {waits && (
        <span className={`${styles.sign ?? ""} ${styles.late ?? ""}`}>
          <Spinner />
        </span>
      )}
      {isQueued && (
        <span className={styles.sign}>
          <Clock3 size={16} aria-hidden="true" />
        </span>
      )}
      {isDone && (
        <span className={styles.sign}>
          <Check size={16} aria-hidden="true" />
        </span>
      )}
    </>
  );
}

/** What stands below the button. It is also said aloud, once. */
function useNote<TBody, TData>(
  mutation: SyncMutation<TBody, TData>,
  { variant, quiet, errorMessage }: SyncButtonProps<TBody, TData>,
): Note | null {
  const messages = useMessages();
  const { error } = mutation;
  const told = error === null ? undefined : quiet?.(error);
  const quietly = error === null || told === undefined ? {} : { [error.code]: told };
  const own = noteOf(messages, mutation, variant === "with-progress", quietly);
  const note =
    own?.isError === true && errorMessage !== undefined ? { ...own, text: errorMessage } : own;
  const spoken = mutation.isKept || (mutation.isPending && mutation.total > 1) ? null : note?.text;
  useEffect(() => {
    if (spoken !== null && spoken !== undefined) announce(spoken);
  }, [spoken]);
  return note;
}
