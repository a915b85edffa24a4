/** Where the outbox keeps its items, so that they outlive the page. */

import { result, type Database } from "./database";
import type { NewItem, OutboxItem } from "./outbox-item";

/** What becomes of an item: its next form, or "delete", or "keep" as it is. */
export type Change = OutboxItem | "delete" | "keep";

/** The outbox holds as much as it may. */
export class QueueFullError extends Error {
  override readonly name = "QueueFullError";
}

export interface OutboxStore {
  /** @throws QueueFullError when the owner has `limit` items. */
  add(item: NewItem, limit: number): Promise<OutboxItem>;
  /** The owner's items in the order of the presses. */
  list(owner: string): Promise<OutboxItem[]>;
  /**
   * Reads an item, decides and writes, with nothing of another tab in between. Answers the item
   * as it was before, or null when there is none.
   */
  change(key: string, decide: (item: OutboxItem) => Change): Promise<OutboxItem | null>;
  /** Removes all that this owner ever stored. */
  clear(owner: string): Promise<void>;
}

export class IndexedOutboxStore implements OutboxStore {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  add(item: NewItem, limit: number): Promise<OutboxItem> {
    return this.database.run("outbox", "readwrite", async (store) => {
      const held = await result(store.index("owner").count(item.owner));
      if (held >= limit) throw new QueueFullError();
      const stored = { ...item, rev: 0 };
      const seq = Number(await result(store.add(stored)));
      return { ...stored, seq };
    });
  }

  list(owner: string): Promise<OutboxItem[]> {
    return this.database.run("outbox", "readonly", async (store) => {
      const items = (await result(store.index("owner").getAll(owner))) as OutboxItem[];
      return items.sort((a, b) => a.seq - b.seq);
    });
  }

  change(key: string, decide: (item: OutboxItem) => Change): Promise<OutboxItem | null> {
    return this.database.run("outbox", "readwrite", async (store) => {
      const found = (await result(store.index("key").get(key))) as OutboxItem | undefined;
      if (found === undefined) return null;
      const next = decide(found);
      if (next === "delete") await result(store.delete(found.seq));
      else if (next !== "keep") await result(store.put(next));
      return found;
    });
  }

  clear(owner: string): Promise<void> {
    return this.database.run("outbox", "readwrite", async (store) => {
      const keys = await result(store.index("owner").getAllKeys(owner));
      await Promise.all(keys.map((key) => result(store.delete(key))));
    });
  }
}

/** For a browser that stores nothing (some private windows): as good as the page lives long. */
export class MemoryOutboxStore implements OutboxStore {
  private readonly items = new Map<string, OutboxItem>();
  private seq = 0;

  add(item: NewItem, limit: number): Promise<OutboxItem> {
    if (this.items.size >= limit) return Promise.reject(new QueueFullError());
    const added = { ...item, rev: 0, seq: ++this.seq };
    this.items.set(item.key, added);
    return Promise.resolve(added);
  }

  list(owner: string): Promise<OutboxItem[]> {
    return Promise.resolve([...this.items.values()].filter((item) => item.owner === owner));
  }

  change(key: string, decide: (item: OutboxItem) => Change): Promise<OutboxItem | null> {
    const found = this.items.get(key) ?? null;
    const next = found === null ? "keep" : decide(found);
    if (next === "delete") this.items.delete(key);
    else if (next !== "keep") this.items.set(key, next);
    return Promise.resolve(found);
  }

  clear(owner: string): Promise<void> {
    for (const item of this.items.values()) if (item.owner === owner) this.items.delete(item.key);
    return Promise.resolve();
  }
}
