/** Where this person's screens have got to in the stream of changes, kept over reloads. */

import { result, type Database } from "./database";

export interface CursorStore {
  load(): Promise<string | null>;
  /** Null forgets it. */
  save(cursor: string | null): Promise<void>;
}

export class IndexedCursorStore implements CursorStore {
  private readonly database: Database;
  private readonly name: string;

  constructor(database: Database, owner: string) {
    this.database = database;
    this.name = `cursor:${owner}`;
  }

  load(): Promise<string | null> {
    return this.database.run("meta", "readonly", async (store) => {
      const cursor: unknown = await result(store.get(this.name));
      return typeof cursor === "string" ? cursor : null;
    });
  }

  save(cursor: string | null): Promise<void> {
    return this.database.run("meta", "readwrite", async (store) => {
      if (cursor === null) await result(store.delete(this.name));
      else await result(store.put(cursor, this.name));
    });
  }
}

/** For a browser that stores nothing. */
export class MemoryCursorStore implements CursorStore {
  private cursor: string | null = null;

  load(): Promise<string | null> {
    return Promise.resolve(this.cursor);
  }

  save(cursor: string | null): Promise<void> {
    this.cursor = cursor;
    return Promise.resolve();
  }
}
