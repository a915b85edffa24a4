import { useEffect, useState } from "react";

import { useOfflineSync, type OfflineSync } from "@/sync";
import { Button } from "./button";
import { announce } from "./live-region";
import { useMessages, type Messages } from "./messages";
import styles from "./offline-indicator.module.css";
import { OutboxSheet } from "./outbox-sheet";

export interface OfflineIndicatorProps {
  /** Leads to the sign-in, once it has expired. */
  readonly onSignIn?: (() => void) | undefined;
}

/**
 * One line, as long as there is something to tell: no connection, an expired sign-in, presses that
 * are being checked or were refused while their button was not on the screen. It opens the list of
 * them. Always there for programs, with the number queued.
 */
export function OfflineIndicator({ onSignIn }: OfflineIndicatorProps) {
  const sync = useOfflineSync();
  const messages = useMessages();
  const [open, setOpen] = useState(false);
  const line = lineOf(messages, sync);
  const text = line === null ? "" : `${line.title} ${line.text}`;
  useEffect(() => {
    if (text !== "") announce(text);
  }, [text]);
  const some = sync.queued.length + sync.unknown.length + sync.rejected.length > 0;
  return (
    <div data-testid="offline-indicator" data-queued={sync.queued.length}>
      {line !== null && (
        <div className={styles.bar} data-testid="offline-banner">
          <p className={styles.text}>
            <strong>{line.title}</strong> {line.text}
          </p>
          {sync.waitingForSignIn > 0 && onSignIn !== undefined && (
            <Button size="small" tone="primary" onClick={onSignIn}>
              {messages.outbox.signIn}
            </Button>
          )}
          {sync.queued.length > 0 && (
            <Button size="small" onClick={sync.sync}>
              {messages.outbox.sendNow}
            </Button>
          )}
          {some && (
            <Button size="small" onClick={() => setOpen(true)}>
              {messages.queue.show}
            </Button>
          )}
        </div>
      )}
      {open && <OutboxSheet onClose={() => setOpen(false)} />}
    </div>
  );
}

function lineOf(
  { queue }: Messages,
  sync: OfflineSync,
): { readonly title: string; readonly text: string } | null {
  const { queued, unknown, rejected, durable } = sync;
  const reason = reasonOf(queue, sync);
  const waiting =
    queued.length === 0
      ? queue.nothingQueued
      : [queue.queued(queued.length), durable ? "" : queue.notDurable].join(" ").trim();
  if (reason !== null) return { title: reason, text: waiting };
  if (rejected.length > 0) return { title: queue.rejected(rejected.length), text: "" };
  return unknown.length > 0 ? { title: queue.unknown(unknown.length), text: "" } : null;
}

function reasonOf(queue: Messages["queue"], sync: OfflineSync): string | null {
  if (!sync.isOnline) return queue.offline;
  if (sync.waitingForSignIn > 0) return queue.signIn;
  return sync.waitingForNetwork > 0 ? queue.noNetwork : null;
}
