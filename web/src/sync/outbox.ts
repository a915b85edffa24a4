/** Button presses on their way: stored before they are sent, and settled exactly once. */

import { overwriting } from "./edits";
import { localError, type SyncError } from "./errors";
import { faults } from "./faults";
import { always, conclusionOf, endingOf, ifOpen, unlessOpen } from "./outbox-changes";
import {
  isSameAction,
  newItem,
  type Concurrency,
  type OutboxItem,
  type OutboxRequest,
  type Settlement,
} from "./outbox-item";
import { OutboxMirror, type OutboxSnapshot } from "./outbox-mirror";
import { claimed, orphaned, restarted, retried, type Circumstances } from "./outbox-rules";
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
  private unreadable = false;

  constructor(deps: OutboxDeps) {
    this.deps = deps;
    deps.tabs.messages.on((message) => this.hear(message));
  }

  get snapshot(): OutboxSnapshot {
    return this.mirror.snapshot;
  }

  /** A new idempotency key. */
  newKey(): string {
    return this.deps.uuid();
  }

  /** Reads what an earlier page, or another tab, left behind. What cannot be read changes nothing. */
  async refresh(): Promise<void> {
    const before = this.snapshot;
    try {
      const stored = await this.deps.store.list(this.deps.owner);
      if (!this.closed) this.mirror.load(stored, before);
    } catch (error) {
      if (!this.unreadable) faults.report(error);
      this.unreadable = true;
    }
  }

  /**
   * Stores a button press under a new idempotency key, and only then lets it be sent. Answers the
   * item that stands for it: with `one` that may be an open one for the very same thing.
   *
   * @throws NotStoredError when it could not be stored.
   */
  async enqueue(
    request: OutboxRequest,
    concurrency: Concurrency = "queue",
    key: string = this.newKey(),
  ): Promise<OutboxItem> {
    if (this.closed) throw new NotStoredError("SIGNED_OUT");
    const { owner, store } = this.deps;
    const item = newItem(request, key, owner, this.deps.circumstances().now);
    const admit = concurrency === "one" && request.scopes.length > 0 ? unlessOpen(request) : always;
    const added = await store.add(item, LIMIT, admit).catch((error: unknown) => {
      const full = error instanceof QueueFullError;
      throw new NotStoredError(full ? "QUEUE_FULL" : "STORAGE_FAILED", { cause: error });
    });
    this.tell(added.key, added, null);
    if (concurrency === "latest") await this.supersede(added);
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

  /** The person decides a conflict for what they wrote: it goes again, upon the row as it is now. */
  async overwrite(key: string): Promise<void> {
    await this.change(key, (item) => overwriting(item) ?? item);
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
    const conclusion = conclusionOf(item, outcome, this.deps.circumstances());
    if (conclusion !== null) await this.change(item.key, conclusion.decide, conclusion.ending);
  }

  /** Removes everything this person stored, here and for the other tabs. */
  async wipe(): Promise<void> {
    this.close();
    this.deps.tabs.post({ kind: "wiped" });
    try {
      await this.deps.store.clear(this.deps.owner);
    } finally {
      this.mirror.clear();
    }
  }

  close(): void {
    this.closed = true;
  }

  /** What says the same and has never left is overtaken by the latest press. */
  private async supersede(latest: OutboxItem): Promise<void> {
    const older = this.snapshot.items.filter(
      (item) => item.seq < latest.seq && isSameAction(item, latest),
    );
    const unsent = ({ state, firstSentAt }: OutboxItem): boolean =>
      state === "queued" && firstSentAt === null;
    await Promise.all(
      older.map(({ key }) =>
        this.change(key, (item) => (unsent(item) ? "delete" : "keep"), { status: "discarded" }),
      ),
    );
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
    const isOfThisPage = (item ?? this.mirror.get(key))?.fleeting ?? false;
    this.mirror.set(key, item, settlement);
    if (!isOfThisPage) this.deps.tabs.post({ kind: "outbox", key, item, settlement });
  }

  private hear(message: TabMessage): void {
    if (this.closed) return;
    if (message.kind === "wiped") {
      this.close();
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
