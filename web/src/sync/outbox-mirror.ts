/** The outbox as this tab knows it: what the screen shows without waiting for the database. */

import { Emitter } from "./emitter";
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
  private items = new Map<string, OutboxItem>();
  private settled = new Map<string, Settlement>();
  private current: OutboxSnapshot = { items: [], settled: new Map() };

  get snapshot(): OutboxSnapshot {
    return this.current;
  }

  get(key: string): OutboxItem | undefined {
    return this.items.get(key);
  }

  /** Takes over how one item is now (null: gone) and how it ended, if it did. News that are old change nothing. */
  set(key: string, item: OutboxItem | null, settlement: Settlement | null): void {
    const known = this.items.get(key);
    const over = known === undefined && this.settled.has(key);
    if (over || (item !== null && known !== undefined && known.rev > item.rev)) return;
    if (item === null) this.items.delete(key);
    else this.items.set(key, item);
    this.note(key, settlement);
    this.publish();
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

  private note(key: string, settlement: Settlement | null): void {
    // Once the person has read a refusal it is put away; it stays a refusal.
    if (settlement?.status === "discarded" && this.settled.get(key)?.status === "rejected") return;
    this.settled.delete(key);
    if (settlement !== null) this.settled.set(key, settlement);
    const [oldest] = this.settled.keys();
    if (this.settled.size > SETTLED_KEPT && oldest !== undefined) this.settled.delete(oldest);
  }

  private publish(): void {
    const items = [...this.items.values()].sort((a, b) => a.seq - b.seq);
    this.current = { items, settled: new Map(this.settled) };
    this.changes.emit(this.current);
  }
}
