/** The outbox as this tab knows it: what the screen shows without waiting for the database. */

import { debug } from "./debug";
import { Emitter, TopicEmitter } from "./emitter";
import type { OutboxItem, Settlement } from "./outbox-item";

const SETTLED_KEPT = 200;

/** All of it at one moment; a new object after every change. */
export interface OutboxSnapshot {
  /** In the order of the presses. */
  readonly items: readonly OutboxItem[];
  /** How recent items ended, by key. */
  readonly settled: ReadonlyMap<string, Settlement>;
}

/** An item has ended. */
export interface Settled {
  readonly item: OutboxItem;
  readonly settlement: Settlement;
}

export class OutboxMirror {
  readonly changes = new Emitter<OutboxSnapshot>();
  readonly endings = new Emitter<Settled>();
  /** Tells of changes by item ({@link keyTopic}) and by what they act upon ({@link scopeTopic}). */
  readonly topics = new TopicEmitter<undefined>();
  private items = new Map<string, OutboxItem>();
  private readonly scopes = new Map<string, readonly OutboxItem[]>();
  private readonly settled = new Map<string, Settlement>();
  private current: OutboxSnapshot | null = { items: [], settled: new Map() };

  get snapshot(): OutboxSnapshot {
    this.current ??= {
      items: [...this.items.values()].sort((a, b) => a.seq - b.seq),
      settled: new Map(this.settled),
    };
    return this.current;
  }

  get(key: string): OutboxItem | undefined {
    return this.items.get(key);
  }

  /** How an item ended, if it did lately. */
  endOf(key: string): Settlement | undefined {
    return this.settled.get(key);
  }

  /** The items that act upon one thing, in the order of the presses; the same array until one changes. */
  inScope(scope: string): readonly OutboxItem[] {
    return this.scopes.get(scope) ?? NONE;
  }

  /** Takes over how one item is now (null: gone) and how it ended, if it did. News that are old change nothing. */
  set(key: string, item: OutboxItem | null, settlement: Settlement | null): void {
    const known = this.items.get(key);
    const over = known === undefined && this.settled.has(key);
    if (over || (item !== null && known !== undefined && known.rev > item.rev)) return;
    if (item === null) this.items.delete(key);
    else this.items.set(key, item);
    const scopes = item?.scopes ?? known?.scopes ?? [];
    scopes.forEach((scope) => this.index(scope, key, item));
    this.note(key, settlement);
    debug("outbox", {
      key,
      state: item?.state ?? "gone",
      attempt: item?.attempt,
      end: settlement?.status,
    });
    this.publish(key, scopes);
    const ended = item ?? known;
    if (settlement !== null && ended !== undefined) this.endings.emit({ item: ended, settlement });
  }

  /**
   * Takes over what the database holds, read since `before`. What went without a word was ended
   * by a tab whose message did not arrive.
   */
  load(stored: readonly OutboxItem[], before: OutboxSnapshot): void {
    const present = new Map(stored.map((item) => [item.key, item]));
    for (const item of stored) {
      if ((this.items.get(item.key)?.rev ?? -1) < item.rev) this.set(item.key, item, null);
    }
    for (const { key } of before.items) {
      if (!present.has(key) && this.items.has(key))
        this.set(key, null, { status: "done", via: "tab" });
    }
  }

  /** Forgets everything: the items of this tab were discarded at sign-out. */
  clear(): void {
    for (const key of [...this.items.keys()]) this.set(key, null, { status: "discarded" });
  }

  private index(scope: string, key: string, item: OutboxItem | null): void {
    const others = this.inScope(scope).filter((each) => each.key !== key);
    const all = item === null ? others : [...others, item].sort((a, b) => a.seq - b.seq);
    if (all.length === 0) this.scopes.delete(scope);
    else this.scopes.set(scope, all);
  }

  private note(key: string, settlement: Settlement | null): void {
    // Once the person has read a refusal it is put away; it stays a refusal.
    if (settlement?.status === "discarded" && this.settled.get(key)?.status === "rejected") return;
    this.settled.delete(key);
    if (settlement !== null) this.settled.set(key, settlement);
    const [oldest] = this.settled.keys();
    if (this.settled.size > SETTLED_KEPT && oldest !== undefined) this.settled.delete(oldest);
  }

  private publish(key: string, scopes: readonly string[]): void {
    this.current = null;
    this.topics.emit(keyTopic(key), undefined);
    scopes.forEach((scope) => this.topics.emit(scopeTopic(scope), undefined));
    this.changes.emit(this.snapshot);
  }
}

const NONE: readonly OutboxItem[] = [];

/** The topic of one item. */
export function keyTopic(key: string): string {
  return `key:${key}`;
}

/** The topic of all items that act upon one thing. */
export function scopeTopic(scope: string): string {
  return `scope:${scope}`;
}
