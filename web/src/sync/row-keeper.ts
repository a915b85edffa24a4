/** Carries rows between the page and what the browser keeps of them. */

import type { RowCache } from "./row-cache";
import type { RowStore } from "./row-store";

/** Changes of this long are written together. */
const EVERY_MS = 500;
/** So many lists are remembered as read. */
const LISTS_KEPT = 60;

export class RowKeeper {
  private readonly rows: RowStore;
  private readonly cache: RowCache;
  private readonly dirty = new Map<string, { readonly table: string; readonly id: string }>();
  private lists = new Map<string, number>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private writing: Promise<void> = Promise.resolve();
  private closed = false;
  private readonly forget: () => void;

  constructor(rows: RowStore, cache: RowCache) {
    this.rows = rows;
    this.cache = cache;
    this.forget = rows.touched.on(({ table, ids }) => this.note(table, ids));
  }

  /** Shows what an earlier page kept. */
  async load(): Promise<void> {
    const { rows, lists } = await this.cache.load();
    if (this.closed) return;
    this.rows.seed(rows);
    this.lists = new Map([...lists, ...this.lists]);
  }

  /** When a list was last read whole, by this page or an earlier one; null: never. */
  readAt(list: string): number | null {
    return this.lists.get(list) ?? null;
  }

  /** A list was read whole. */
  noteRead(list: string, at: number): void {
    this.lists.delete(list);
    this.lists.set(list, at);
    const [oldest] = this.lists.keys();
    if (this.lists.size > LISTS_KEPT && oldest !== undefined) this.lists.delete(oldest);
    this.schedule();
  }

  /** Resolves when everything noted is written, or cannot be. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.closed) return this.writing;
    const batch = [...this.dirty.values()].map(({ table, id }) => ({
      table,
      id,
      row: this.rows.confirmed(table, id),
    }));
    this.dirty.clear();
    const lists = new Map(this.lists);
    this.writing = this.writing.then(async () => {
      // A cache that fails is no reason to fail: the server knows the rows.
      if (batch.length > 0) await this.cache.write(batch).catch(() => undefined);
      await this.cache.writeLists(lists).catch(() => undefined);
    });
    return this.writing;
  }

  /** Stops; what is noted is written unless the person signs out. */
  stop(): Promise<void> {
    const written = this.dirty.size > 0 ? this.flush() : this.writing;
    this.close();
    return written;
  }

  /** Nothing of this person stays. */
  async wipe(): Promise<void> {
    this.close();
    await this.writing;
    await this.cache.clear();
  }

  private close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.forget();
  }

  private note(table: string, ids: readonly string[]): void {
    for (const id of ids) this.dirty.set(`${table}/${id}`, { table, id });
    this.schedule();
  }

  private schedule(): void {
    if (!this.closed) this.timer ??= setTimeout(() => void this.flush(), EVERY_MS);
  }
}
