/** What somebody was writing and has not sent, by what it is for. Survives a reload; leaves at sign-out. */

import { result, type Database } from "./database";

export interface DraftStore {
  load(name: string): Promise<string>;
  /** Nothing is kept of an empty one. */
  save(name: string, text: string): Promise<void>;
  clear(): Promise<void>;
}

export class IndexedDraftStore implements DraftStore {
  private readonly database: Database;
  private readonly prefix: string;

  constructor(database: Database, owner: string) {
    this.database = database;
    this.prefix = `draft:${owner}:`;
  }

  load(name: string): Promise<string> {
    return this.database.run("meta", "readonly", async (store) => {
      const text: unknown = await result(store.get(this.prefix + name));
      return typeof text === "string" ? text : "";
    });
  }

  save(name: string, text: string): Promise<void> {
    return this.database.run("meta", "readwrite", async (store) => {
      if (text === "") await result(store.delete(this.prefix + name));
      else await result(store.put(text, this.prefix + name));
    });
  }

  clear(): Promise<void> {
    return this.database.run("meta", "readwrite", async (store) => {
      const keys = await result(store.getAllKeys());
      const mine = keys.filter((key) => typeof key === "string" && key.startsWith(this.prefix));
      await Promise.all(mine.map((key) => result(store.delete(key))));
    });
  }
}

/** What this page remembers by itself, and hands on to the browser as far as that takes it. */
export class Drafts {
  private readonly known = new Map<string, string>();
  private readonly store: DraftStore | null;

  constructor(store: DraftStore | null) {
    this.store = store;
  }

  async load(name: string): Promise<string> {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const stored = (await this.store?.load(name).catch(() => "")) ?? "";
    // Written to meanwhile: that counts.
    const text = this.known.get(name) ?? stored;
    this.known.set(name, text);
    return text;
  }

  save(name: string, text: string): void {
    this.known.set(name, text);
    this.store?.save(name, text).catch(() => undefined);
  }

  async clear(): Promise<void> {
    this.known.clear();
    await this.store?.clear();
  }
}
