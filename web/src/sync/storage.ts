/** What is kept in the browser, and who may work on it. */

import type { Browser } from "./browser";
import { IndexedCursorStore, MemoryCursorStore, type CursorStore } from "./cursor-store";
import { Database } from "./database";
import { LeaseLock, NoLock, WebLock, type Lock } from "./locks";
import { IndexedOutboxStore, MemoryOutboxStore, type OutboxStore } from "./outbox-store";

export interface Storage {
  readonly outbox: OutboxStore;
  readonly cursors: CursorStore;
  readonly lock: Lock;
  readonly close: () => void;
}

/** The best that this browser has to offer: without a database, memory; without Web Locks, a lease. */
export function storageOf({ indexedDB, locks, uuid }: Browser, owner: string): Storage {
  if (indexedDB === null) {
    const [outbox, cursors, lock] = [
      new MemoryOutboxStore(),
      new MemoryCursorStore(),
      new NoLock(),
    ];
    return { outbox, cursors, lock, close: () => undefined };
  }
  const database = new Database(indexedDB);
  const name = `closed-loop:outbox:${owner}`;
  return {
    outbox: new IndexedOutboxStore(database),
    cursors: new IndexedCursorStore(database, owner),
    lock: locks === null ? new LeaseLock(name, database, uuid()) : new WebLock(name, locks),
    close: () => database.close(),
  };
}
