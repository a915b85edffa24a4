import { X } from "lucide-react";

import { useOfflineSync, type OutboxItem } from "@/sync";
import { Button } from "./button";
import { useClock } from "./clock";
import { useDescription } from "./describe-action";
import { Dialog } from "./dialog";
import { timeOf } from "./format";
import { sentenceOf, useMessages, type Messages } from "./messages";
import styles from "./outbox-sheet.module.css";

/** What was pressed and is not settled: waiting, being checked, refused. With what can be done about it. */
export function OutboxSheet({ onClose }: { readonly onClose: () => void }) {
  const messages = useMessages();
  const { outbox } = messages;
  const sync = useOfflineSync();
  const groups = [
    { title: outbox.refused, items: sync.rejected },
    { title: outbox.unclear, items: sync.unknown },
    { title: outbox.waiting, items: sync.queued },
  ].filter(({ items }) => items.length > 0);
  return (
    <Dialog className={styles.sheet} label={outbox.title} onClose={onClose}>
      <div data-testid="outbox-sheet">
        <div className={styles.head}>
          <h2 className={styles.title}>{outbox.title}</h2>
          {sync.queued.length + sync.unknown.length > 0 && (
            <Button size="small" onClick={sync.sync}>
              {sync.unknown.length > 0 ? outbox.retryAll : outbox.sendNow}
            </Button>
          )}
          <Button size="icon" tone="quiet" aria-label={messages.button.close} onClick={onClose}>
            <X size={16} aria-hidden="true" />
          </Button>
        </div>
        {!sync.durable && <p className={styles.note}>{messages.queue.notDurable}</p>}
        {groups.length === 0 && (
          <p className={styles.empty}>
            {outbox.empty}
            <br />
            {outbox.emptyHint}
          </p>
        )}
        {groups.map(({ title, items }) => (
          <section key={title} className={styles.group} aria-label={title}>
            <h3 className={styles.groupTitle}>
              {title} · {items.length}
            </h3>
            <ul className={styles.list}>
              {items.map((item) => (
                <Entry key={item.key} item={item} retry={sync.retry} dismiss={sync.dismiss} />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

interface EntryProps {
  readonly item: OutboxItem;
  readonly retry: (key: string) => void;
  readonly dismiss: (key: string) => void;
}

function Entry({ item, retry, dismiss }: EntryProps) {
  const messages = useMessages();
  const clock = useClock();
  const describe = useDescription();
  const isRefused = item.state === "rejected";
  return (
    <li className={styles.item} data-testid={TEST_IDS[item.state]}>
      <span>{describe(item)}</span>
      <span className={`${styles.why ?? ""} ${isRefused ? (styles.refused ?? "") : ""}`}>
        {reasonOf(messages, item)} · {messages.outbox.since(timeOf(item.createdAt, clock))}
        {isRefused && item.error?.requestId != null && (
          <> · {messages.reference(item.error.requestId)}</>
        )}
      </span>
      <span className={styles.acts}>
        {item.state === "unknown" && (
          <Button size="small" onClick={() => retry(item.key)}>
            {messages.button.retry}
          </Button>
        )}
        {item.state !== "sending" && (
          <Button size="small" tone="quiet" onClick={() => dismiss(item.key)}>
            {isRefused ? messages.button.close : messages.button.discard}
          </Button>
        )}
      </span>
    </li>
  );
}

const TEST_IDS: Readonly<Record<OutboxItem["state"], string>> = {
  queued: "waiting-action",
  sending: "waiting-action",
  done: "waiting-action",
  rejected: "rejected-action",
  unknown: "unknown-action",
};

function reasonOf(messages: Messages, item: OutboxItem): string {
  const { outbox, button } = messages;
  if (item.state === "rejected")
    return item.error === null ? messages.someError : sentenceOf(messages, item.error);
  if (item.state === "unknown")
    return item.error?.code === "KEY_EXPIRED"
      ? sentenceOf(messages, item.error)
      : button.unknownNote;
  if (item.state === "sending") return outbox.sending;
  const waits = {
    network: outbox.waitsNetwork,
    "sign-in": outbox.waitsSignIn,
    turn: outbox.waitsTurn,
    retry: outbox.waitsRetry(item.attempt),
  };
  return waits[item.waiting];
}
