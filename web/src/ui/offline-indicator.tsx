import { useEffect } from "react";

import { useOfflineSync, useSyncClient, type OfflineSync, type OutboxItem } from "@/sync";
import { Button } from "./button";
import { announce } from "./live-region";
import { messages, sentenceOf } from "./messages";
import styles from "./offline-indicator.module.css";

/**
 * Tells what is waiting to be sent and why, what had no answer, and what was refused while its
 * button was not on the screen. Always there with the number queued; shown when there is something to tell.
 */
export function OfflineIndicator() {
  const sync = useOfflineSync();
  const describe = useDescription();
  const reason = reasonOf(sync);
  const refusals = sync.rejected.map((item) => refusalOf(item, describe(item)));
  useAnnounced(reason === null ? "" : `${reason} ${textOf(sync)}`);
  useAnnounced(refusals.at(-1) ?? "");
  return (
    <div data-testid="offline-indicator" data-queued={sync.queued.length} className={styles.stack}>
      {reason !== null && (
        <div className={styles.banner} data-testid="offline-banner">
          <p className={styles.text}>
            <strong>{reason}</strong> {textOf(sync)}
          </p>
          {sync.queued.length > 0 && (
            <Button size="small" onClick={sync.sync}>
              {messages.queue.sendNow}
            </Button>
          )}
        </div>
      )}
      {sync.unknown.map((item) => (
        <div key={item.key} className={styles.banner} data-testid="unknown-action">
          <p className={styles.text}>{messages.queue.unknown(describe(item))}</p>
          <Button size="small" onClick={() => sync.retry(item.key)}>
            {messages.queue.tryAgain}
          </Button>
          <Button size="small" tone="quiet" onClick={() => sync.dismiss(item.key)}>
            {messages.queue.giveUp}
          </Button>
        </div>
      ))}
      {sync.rejected.map((item, index) => (
        <div key={item.key} className={styles.refusal} data-testid="rejected-action">
          <p className={styles.text}>{refusals[index]}</p>
          <Button size="small" tone="quiet" onClick={() => sync.dismiss(item.key)}>
            {messages.queue.dismiss}
          </Button>
        </div>
      ))}
    </div>
  );
}

function reasonOf(sync: OfflineSync): string | null {
  if (!sync.isOnline) return messages.queue.offline;
  if (sync.waitingForSignIn > 0) return messages.queue.signIn;
  return sync.waitingForNetwork > 0 ? messages.queue.noNetwork : null;
}

function textOf({ queued, durable }: OfflineSync): string {
  if (queued.length === 0) return messages.queue.nothingQueued;
  const text = messages.queue.queued(queued.length);
  return durable ? text : `${text} ${messages.queue.notDurable}`;
}

function refusalOf({ error }: OutboxItem, action: string): string {
  return messages.queue.rejected(action, error === null ? "" : sentenceOf(error));
}

function useAnnounced(text: string): void {
  useEffect(() => {
    if (text !== "") announce(text);
  }, [text]);
}

/** An action in words, with the name of whom it is about. */
function useDescription(): (item: OutboxItem) => string {
  const { rows } = useSyncClient();
  return ({ endpoint, scopes }) => {
    const [table = "", id = ""] = scopes[0]?.split("/") ?? [];
    const row = rows.confirmed(table, id);
    const name = row?.contact_name ?? row?.name;
    return (
      messages.actions[endpoint]?.(typeof name === "string" ? name : "") ?? messages.someAction
    );
  };
}
