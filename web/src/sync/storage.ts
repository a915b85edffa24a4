/** What is kept in the browser, and who may work on it. */

import type { Browser } from "./browser";
import { IndexedCursorStore, MemoryCursorStore, type CursorStore } from "./cursor-store";
import { Database } from "./database";
import { Drafts, IndexedDraftStore } from "./drafts";
import { FirstLock, LeaseLock, NoLock, WebLock, type Lock } from "./locks";
import {
  EnduringOutboxStore,
  IndexedOutboxStore,
  MemoryOutboxStore,
  type OutboxStore,
} from "./outbox-store";
import { IndexedRowCache, noRowCache, type RowCache } from "./row-cache";

export interface Storage {
  readonly outbox: OutboxStore;
  readonly cursors: CursorStore;
  readonly rows: RowCache;
  readonly drafts: Drafts;
  readonly lock: Lock;
  readonly close: () => void;
}

/**
 * The best that this browser has to offer: without a database, memory; without Web Locks, a lease.
 * `onFleeting` hears that a press is kept by this page alone.
 */
export function storageOf(
  { indexedDB, locks, uuid, now }: Browser,
  owner: string,
  onFleeting: () => void,
): Storage {
  if (indexedDB === null) {
    onFleeting();
    return {
      outbox: new MemoryOutboxStore(),
      cursors: new MemoryCursorStore(),
      rows: noRowCache,
      drafts: new Drafts(null),
      lock: new NoLock(),
      close: () => undefined,
    };
  }
  const database = new Database(indexedDB);
  const name = `closed-loop:outbox:${owner}`;
  const lease = new LeaseLock(name, database, uuid());
  return {
    outbox: new EnduringOutboxStore(new IndexedOutboxStore(database), onFleeting),
    cursors: new IndexedCursorStore(database, owner),
    rows: new IndexedRowCache(database, owner, now),
    drafts: new Drafts(new IndexedDraftStore(database, owner)),
    lock: new FirstLock([
      ...(locks === null ? [] : [new WebLock(name, locks)]),
      lease,
      new NoLock(),
    ]),
    close: () => database.close(),
  };
}
