/** The rows this person has seen, kept in the browser: the next page shows them before the server answers. */

import { result, type Database } from "./database";
import { isRecord, type Row } from "./protocol";

/** A row as it is kept. */
export interface CachedRow {
  readonly table: string;
  readonly id: string;
  readonly row: Row;
}

/** Rows that nobody has seen changed or listed for this long are forgotten. */
const KEPT_MS = 7 * 86_400_000;

export interface RowCache {
  /** All that is kept, and when each list was last read whole. */
  load(): Promise<{
    readonly rows: readonly CachedRow[];
    readonly lists: ReadonlyMap<string, number>;
  }>;
  /** Writes rows (null: gone) and reads of lists, in one transaction each. */
  write(rows: readonly { table: string; id: string; row: Row | null }[]): Promise<void>;
  writeLists(lists: ReadonlyMap<string, number>): Promise<void>;
  clear(): Promise<void>;
}

export class IndexedRowCache implements RowCache {
  private readonly database: Database;
  private readonly owner: string;
  private readonly now: () => number;

  constructor(database: Database, owner: string, now: () => number) {
    this.database = database;
    this.owner = owner;
    this.now = now;
  }

  async load(): Promise<{ rows: readonly CachedRow[]; lists: ReadonlyMap<string, number> }> {
    const oldest = this.now() - KEPT_MS;
    const rows = await this.database.run("rows", "readonly", async (store) => {
      const stored: readonly unknown[] = await result(store.index("owner").getAll(this.owner));
      return stored.flatMap((each) => readCached(each, oldest));
    });
    const lists = await this.database.run("meta", "readonly", async (store) => {
      const stored: unknown = await result(store.get(this.listsName));
      return new Map(readLists(stored));
    });
    return { rows, lists };
  }

  write(rows: readonly { table: string; id: string; row: Row | null }[]): Promise<void> {
    const { owner } = this;
    const savedAt = this.now();
    return this.database.run("rows", "readwrite", async (store) => {
      const requests = rows.map(({ table, id, row }) =>
        row === null
          ? store.delete([owner, table, id])
          : store.put({ owner, table, id, row, savedAt }),
      );
      await Promise.all(requests.map((request) => result(request as IDBRequest<unknown>)));
    });
  }

  writeLists(lists: ReadonlyMap<string, number>): Promise<void> {
    return this.database.run("meta", "readwrite", async (store) => {
      await result(store.put([...lists], this.listsName));
    });
  }

  async clear(): Promise<void> {
    await this.database.run("rows", "readwrite", async (store) => {
      const keys = await result(store.index("owner").getAllKeys(this.owner));
      await Promise.all(keys.map((key) => result(store.delete(key))));
    });
    await this.database.run("meta", "readwrite", (store) => result(store.delete(this.listsName)));
  }

  private get listsName(): string {
    return `lists:${this.owner}`;
  }
}

/** For a browser that stores nothing. */
export const noRowCache: RowCache = {
  load: () => Promise.resolve({ rows: [], lists: new Map<string, number>() }),
  write: () => Promise.resolve(),
  writeLists: () => Promise.resolve(),
  clear: () => Promise.resolve(),
};

function readCached(value: unknown, oldest: number): CachedRow[] {
  if (!isRecord(value) || !isRecord(value.row)) return [];
  const { table, id, row, savedAt } = value;
  if (typeof table !== "string" || typeof id !== "string") return [];
  return typeof savedAt === "number" && savedAt >= oldest ? [{ table, id, row }] : [];
}

function readLists(value: unknown): [string, number][] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((pair: unknown) =>
    Array.isArray(pair) && typeof pair[0] === "string" && typeof pair[1] === "number"
      ? [[pair[0], pair[1]]]
      : [],
  );
}
