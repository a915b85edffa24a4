/** Where the outbox keeps its items, so that they outlive the page. */

import { result, type Database } from "./database";
import type { NewItem, OutboxItem } from "./outbox-item";
import { readItem } from "./stored-item";

/** What becomes of an item: its next form, or "delete", or "keep" as it is. */
export type Change = OutboxItem | "delete" | "keep";

/** The outbox holds as much as it may. */
export class QueueFullError extends Error {
  override readonly name = "QueueFullError";
}

/** Decides about a new item by those that are there: null lets it in, an item stands for it. */
export type Admission = (present: readonly OutboxItem[]) => OutboxItem | null;

export interface OutboxStore {
  /**
   * Adds an item, unless `admit` names one that stands for it; answers the one that is stored.
   *
   * @throws QueueFullError when the owner has `limit` items.
   */
  add(item: NewItem, limit: number, admit: Admission): Promise<OutboxItem>;
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

  add(item: NewItem, limit: number, admit: Admission): Promise<OutboxItem> {
    return this.database.run("outbox", "readwrite", async (store) => {
      const held = await result(store.index("owner").getAll(item.owner));
      const same = admit(held.flatMap((each) => readItem(each) ?? []));
      if (same !== null) return same;
      if (held.length >= limit) throw new QueueFullError();
      const stored = { ...item, rev: 0 };
      const seq = Number(await result(store.add(stored)));
      return { ...stored, seq };
    });
  }

  list(owner: string): Promise<OutboxItem[]> {
    return this.database.run("outbox", "readonly", async (store) => {
      const stored: readonly unknown[] = await result(store.index("owner").getAll(owner));
      // What a newer release wrote is left to it.
      return stored.flatMap((each) => readItem(each) ?? []).sort((a, b) => a.seq - b.seq);
    });
  }

  change(key: string, decide: (item: OutboxItem) => Change): Promise<OutboxItem | null> {
    return this.database.run("outbox", "readwrite", async (store) => {
      const found = readItem(await result(store.index("key").get(key)));
      if (found === null) return null;
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

/** After everything that a database numbered. */
const FIRST_SEQ = 2 ** 40;

/** For a browser that stores nothing (some private windows): as good as the page lives long. */
export class MemoryOutboxStore implements OutboxStore {
  private readonly items = new Map<string, OutboxItem>();
  private seq = FIRST_SEQ;

  has(key: string): boolean {
    return this.items.has(key);
  }

  add(item: NewItem, limit: number, admit: Admission): Promise<OutboxItem> {
    const same = admit([...this.items.values()]);
    if (same !== null) return Promise.resolve(same);
    if (this.items.size >= limit) return Promise.reject(new QueueFullError());
    const added = { ...item, fleeting: true, rev: 0, seq: ++this.seq };
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

/**
 * The database, and memory for what the database does not take: a press is never refused because
 * the browser cannot store it. `onFleeting` hears that something is kept by this page alone.
 */
export class EnduringOutboxStore implements OutboxStore {
  private readonly memory = new MemoryOutboxStore();
  private readonly stored: OutboxStore;
  private readonly onFleeting: () => void;

  constructor(stored: OutboxStore, onFleeting: () => void) {
    this.stored = stored;
    this.onFleeting = onFleeting;
  }

  async add(item: NewItem, limit: number, admit: Admission): Promise<OutboxItem> {
    try {
      return await this.stored.add(item, limit, admit);
    } catch (error) {
      if (error instanceof QueueFullError) throw error;
      this.onFleeting();
      return this.memory.add(item, limit, admit);
    }
  }

  async list(owner: string): Promise<OutboxItem[]> {
    return [...(await this.stored.list(owner)), ...(await this.memory.list(owner))];
  }

  change(key: string, decide: (item: OutboxItem) => Change): Promise<OutboxItem | null> {
    return (this.memory.has(key) ? this.memory : this.stored).change(key, decide);
  }

  async clear(owner: string): Promise<void> {
    await this.memory.clear(owner);
    await this.stored.clear(owner);
  }
}
