import type { ReactNode } from "react";

import { MAX_ATTEMPTS, type SyncMutation } from "@/sync";
import { sentenceOf, useMessages, type Messages } from "./messages";
import styles from "./sync-button.module.css";

type Shown = Pick<
  SyncMutation<never, unknown>,
  | "status"
  | "isPending"
  | "isQueued"
  | "isUnknown"
  | "isKept"
  | "attempt"
  | "error"
  | "processed"
  | "total"
>;

/** What is to be said about a press beyond what the button shows; null: nothing. */
export interface Note {
  readonly text: string;
  readonly isError: boolean;
  /** The person may ask for another try. */
  readonly canRetry: boolean;
}

/** What a person reads and hears of a press. `quietCodes`: refusals that are no fault. */
export function noteOf(
  messages: Messages,
  shown: Shown,
  withProgress: boolean,
  quiet: Readonly<Record<string, string | undefined>>,
): Note | null {
  const { error } = shown;
  const plain = (text: string): Note => ({ text, isError: false, canRetry: false });
  if (shown.isKept) return plain(messages.button.keptNote);
  if (shown.isQueued) return plain(messages.button.queuedNote);
  if (shown.isUnknown) {
    const text =
      error?.code === "KEY_EXPIRED" ? sentenceOf(messages, error) : messages.button.unknownNote;
    return { text, isError: false, canRetry: true };
  }
  if (shown.isPending && shown.total > 1)
    return plain(messages.bulk.progress(shown.processed, shown.total));
  if (shown.isPending && withProgress && shown.attempt > 1)
    return plain(messages.button.attempt(shown.attempt, MAX_ATTEMPTS));
  if (error === null || (shown.status !== "error" && shown.status !== "partial")) return null;
  const known = quiet[error.code];
  if (known !== undefined) return plain(known);
  const text = error.code === "PARTIAL" ? error.message : sentenceOf(messages, error);
  return { text, isError: true, canRetry: false };
}

export interface NoteLineProps {
  readonly id: string;
  readonly note: Note;
  readonly floating: boolean;
  readonly onRetry: () => void;
  readonly children?: ReactNode;
}

/** The sentence at a button. */
export function NoteLine({ id, note, floating, onRetry, children }: NoteLineProps) {
  const messages = useMessages();
  const names = [styles.note, note.isError ? styles.error : "", floating ? styles.floating : ""];
  return (
    <span id={id} className={names.join(" ")}>
      <span>{note.text}</span>
      {note.canRetry && (
        <button type="button" className={styles.again} onClick={onRetry}>
          {messages.button.retry}
        </button>
      )}
      {children}
    </span>
  );
}

/** Which of the attempts this is, as dots. */
export function Steps({ attempt }: { readonly attempt: number }) {
  return (
    <span aria-hidden="true" className={styles.steps}>
      {Array.from({ length: MAX_ATTEMPTS }, (_, step) => (
        <span key={step} className={step < attempt ? styles.stepDone : styles.step} />
      ))}
    </span>
  );
}
