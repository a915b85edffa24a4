/** Button presses on their way: stored before they are sent, and settled exactly once. */

import { localError, type SyncError } from "./errors";
import {
  isOpen,
  newItem,
  type OutboxItem,
  type OutboxRequest,
  type Settlement,
} from "./outbox-item";
import { OutboxMirror, type OutboxSnapshot } from "./outbox-mirror";
import {
  claimed,
  heldForSignIn,
  orphaned,
  postponed,
  restarted,
  retried,
  type Circumstances,
} from "./outbox-rules";
import { QueueFullError, type Change, type OutboxStore } from "./outbox-store";
import type { Outcome } from "./outcome";
import type { ChangeEvent } from "./protocol";
import type { TabMessage, Tabs } from "./tabs";

/** More than anybody presses offline; a bound all the same. */
const LIMIT = 200;

/** The press was not accepted: nothing was sent and nothing will be. */
export class NotStoredError extends Error {
  override readonly name = "NotStoredError";
  readonly reason: SyncError;

  constructor(code: "QUEUE_FULL" | "STORAGE_FAILED" | "SIGNED_OUT", options?: ErrorOptions) {
    super(code, options);
    this.reason = localError(code);
  }
}

export interface OutboxDeps {
  readonly owner: string;
  readonly store: OutboxStore;
  readonly tabs: Tabs;
  readonly uuid: () => string;
  readonly circumstances: () => Circumstances;
}

export class Outbox {
  readonly mirror = new OutboxMirror();
  /** Called when there may be something to send. */
  onWork: () => void = () => undefined;
  /** Called when this item came to an end by another way than the request for it. */
  onOvertaken: (key: string) => void = () => undefined;
  private readonly deps: OutboxDeps;
  private closed = false;

  constructor(deps: OutboxDeps) {
    this.deps = deps;
    deps.tabs.messages.on((message) => this.hear(message));
  }

  get snapshot(): OutboxSnapshot {
    return this.mirror.snapshot;
  }

  /** Reads what an earlier page, or another tab, left behind. */
  async refresh(): Promise<void> {
    const before = this.snapshot;
    const stored = await this.deps.store.list(this.deps.owner);
    if (!this.closed) this.mirror.load(stored, before);
  }

  /**
   * Stores a button press under a new idempotency key, and only then lets it be sent.
   *
   * @throws NotStoredError when it could not be stored.
   */
  async enqueue(request: OutboxRequest): Promise<OutboxItem> {
    if (this.closed) throw new NotStoredError("SIGNED_OUT");
    const { uuid, owner, store } = this.deps;
    const item = newItem(request, uuid(), owner, this.deps.circumstances().now);
    const added = await store.add(item, LIMIT).catch((error: unknown) => {
      const full = error instanceof QueueFullError;
      throw new NotStoredError(full ? "QUEUE_FULL" : "STORAGE_FAILED", { cause: error });
    });
    this.tell(added.key, added, null);
    this.onWork();
    return added;
  }

  /** A change that carries an item's key proves that it happened, whatever became of the answer. */
  async settleByChange(change: ChangeEvent): Promise<void> {
    const key = change.idempotency_key;
    const item = key === null ? undefined : this.mirror.get(key);
    if (item === undefined || (item.eventTable !== null && item.eventTable !== change.table))
      return;
    const settled = await this.change(item.key, ifOpen("delete"), {
      status: "done",
      via: "event",
      change,
    });
    if (settled) this.onOvertaken(item.key);
  }

  /** Another round for an item without an answer. */
  async retry(key: string): Promise<void> {
    const { now } = this.deps.circumstances();
    await this.change(key, (item) => retried(item, now));
    this.onWork();
  }

  /** Takes back an item that is not on its way. Answers whether that was still possible. */
  discard(key: string): Promise<boolean> {
    return this.change(key, (item) => (item.state === "sending" ? "keep" : "delete"), {
      status: "discarded",
    });
  }

  /** What waits is due again: the network is back (`newSpell`), the tab woke, the person asked. */
  async restart(newSpell: boolean): Promise<void> {
    const { now } = this.deps.circumstances();
    const waiting = this.snapshot.items.filter((item) => restarted(item, now, newSpell) !== item);
    await Promise.all(
      waiting.map(({ key }) => this.change(key, (item) => restarted(item, now, newSpell))),
    );
    this.onWork();
  }

  /** Takes an item for sending; null when it is no longer to be sent. */
  async claim(key: string): Promise<OutboxItem | null> {
    const { now } = this.deps.circumstances();
    await this.change(key, (item) => (item.state === "queued" ? claimed(item, now) : item));
    const item = this.mirror.get(key);
    return item?.state === "sending" ? item : null;
  }

  /** Puts back what a closed tab was sending. Only for the tab that holds the lock. */
  async recover(): Promise<void> {
    const { now } = this.deps.circumstances();
    const left = this.snapshot.items.filter((item) => item.state === "sending");
    await Promise.all(
      left.map(({ key }) =>
        this.change(key, (item) => (item.state === "sending" ? orphaned(item, now) : item)),
      ),
    );
  }

  /** Writes down what came of an attempt. */
  async conclude(item: OutboxItem, outcome: Outcome): Promise<void> {
    const mine = (next: (item: OutboxItem) => OutboxItem) => (now: OutboxItem) =>
      now.state === "sending" && now.attempt === item.attempt ? next(now) : "keep";
    switch (outcome.kind) {
      case "done": {
        const { body, replayed, kept } = outcome;
        await this.change(item.key, ifOpen("delete"), {
          status: "done",
          via: "answer",
          body,
          replayed,
          kept,
        });
        break;
      }
      case "refused": {
        const { error } = outcome;
        await this.change(item.key, (now) =>
          isOpen(now) ? { ...now, state: "rejected", error } : "keep",
        );
        break;
      }
      case "retry":
        await this.change(
          item.key,
          mine((now) => postponed(now, outcome, this.deps.circumstances())),
        );
        break;
      case "signed-out":
        await this.change(item.key, mine(heldForSignIn));
        break;
      case "aborted":
        break;
    }
  }

  /** Removes everything this person stored, here and for the other tabs. */
  async wipe(): Promise<void> {
    this.close();
    await this.deps.store.clear(this.deps.owner);
    this.deps.tabs.post({ kind: "wiped" });
    this.mirror.clear();
  }

  close(): void {
    this.closed = true;
  }

  private async change(
    key: string,
    decide: (item: OutboxItem) => Change,
    ending: Settlement | null = null,
  ): Promise<boolean> {
    let next: Change = "keep";
    await this.deps.store.change(key, (item) => {
      next = decide(item);
      // Not changed is not written; changed is told apart from older news.
      if (next === item) next = "keep";
      if (typeof next === "object") next = { ...next, rev: item.rev + 1 };
      return next;
    });
    // The callback has run: the compiler cannot know.
    const changed = next as Change;
    if (changed === "keep") return false;
    const item = changed === "delete" ? null : changed;
    this.tell(key, item, item === null ? ending : endingOf(item));
    return true;
  }

  private tell(key: string, item: OutboxItem | null, settlement: Settlement | null): void {
    this.mirror.set(key, item, settlement);
    this.deps.tabs.post({ kind: "outbox", key, item, settlement });
  }

  private hear(message: TabMessage): void {
    if (this.closed) return;
    if (message.kind === "wiped") {
      const keys = this.snapshot.items.map(({ key }) => key);
      this.mirror.clear();
      keys.forEach((key) => this.onOvertaken(key));
    } else if (message.kind === "outbox") {
      this.mirror.set(message.key, message.item, message.settlement);
      if (message.item === null) this.onOvertaken(message.key);
      this.onWork();
    }
  }
}

function ifOpen(change: Change): (item: OutboxItem) => Change {
  return (item) => (isOpen(item) ? change : "keep");
}

function endingOf(item: OutboxItem): Settlement | null {
  const error = item.error ?? localError("NETWORK");
  if (item.state === "rejected") return { status: "rejected", error };
  return item.state === "unknown" ? { status: "unknown", error } : null;
}
