/** One tab at a time does the work. */

import { anySignal } from "./abort";
import { result, type Database } from "./database";

/** Work that stops when `lost` says that another tab has taken over. */
export type LockedWork = (lost: AbortSignal) => Promise<void>;

export interface Lock {
  /** Waits for its turn, works, and passes it on. Gives up waiting when `closing` aborts. */
  hold(work: LockedWork, closing: AbortSignal): Promise<void>;
}

/** Longer than any tab holds on: who holds longer is frozen by the system and sends nothing. */
export const STEAL_AFTER_MS = 45_000;

/** The browser's own lock: fair, and released when a tab is closed or crashes. */
export class WebLock implements Lock {
  private readonly name: string;
  private readonly locks: LockManager;

  constructor(name: string, locks: LockManager) {
    this.name = name;
    this.locks = locks;
  }

  async hold(work: LockedWork, closing: AbortSignal): Promise<void> {
    const impatient = new AbortController();
    const timer = setTimeout(() => impatient.abort(), STEAL_AFTER_MS);
    try {
      await this.request({ signal: anySignal([impatient.signal, closing]) }, work, () =>
        clearTimeout(timer),
      );
    } catch (error) {
      if (!closing.aborted && impatient.signal.aborted) await this.request({ steal: true }, work);
      else if (!isAbort(error)) throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  private async request(
    options: LockOptions,
    work: LockedWork,
    granted?: () => void,
  ): Promise<void> {
    const lost = new AbortController();
    try {
      await this.locks.request(this.name, options, async () => {
        granted?.();
        await work(lost.signal);
      });
    } catch (error) {
      // Rejected while the work is still going on: another tab took the lock.
      lost.abort();
      throw error;
    }
  }
}

/**
 * The first of these that this browser really has: some have Web Locks and refuse them, and a
 * database that does not open. What has begun is never begun again with another.
 */
export class FirstLock implements Lock {
  private readonly locks: Lock[];

  constructor(locks: readonly Lock[]) {
    this.locks = [...locks];
  }

  async hold(work: LockedWork, closing: AbortSignal): Promise<void> {
    const [lock] = this.locks;
    if (lock === undefined) return;
    const progress = { begun: false };
    try {
      await lock.hold((lost) => {
        progress.begun = true;
        return work(lost);
      }, closing);
    } catch (error) {
      if (progress.begun || closing.aborted || this.locks.length === 1) throw error;
      if (this.locks[0] === lock) this.locks.shift();
      await this.hold(work, closing);
    }
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

const LEASE_MS = 20_000;
const RENEW_MS = 5_000;
const ASK_AGAIN_MS = 1_000;

interface Lease {
  readonly holder: string;
  readonly until: number;
}

/**
 * Where the browser has no locks: a lease in the database. Who finds none, or one that ran out,
 * takes it for 20 seconds and renews it every 5 while it works; the others ask every second.
 */
export class LeaseLock implements Lock {
  private readonly name: string;
  private readonly database: Database;
  private readonly holder: string;

  constructor(name: string, database: Database, holder: string) {
    this.name = `lease:${name}`;
    this.database = database;
    this.holder = holder;
  }

  async hold(work: LockedWork, closing: AbortSignal): Promise<void> {
    while (!(await this.take())) {
      await pause(ASK_AGAIN_MS, closing);
      if (closing.aborted) return;
    }
    const lost = new AbortController();
    const renewal = setInterval(() => {
      void this.take().then(
        (held) => held || lost.abort(),
        () => lost.abort(),
      );
    }, RENEW_MS);
    try {
      await work(lost.signal);
    } finally {
      clearInterval(renewal);
      // It runs out by itself.
      await this.giveBack().catch(() => undefined);
    }
  }

  private take(): Promise<boolean> {
    const now = Date.now();
    return this.database.run("meta", "readwrite", async (store) => {
      const lease = (await result(store.get(this.name))) as Lease | undefined;
      if (lease !== undefined && lease.until > now && lease.holder !== this.holder) return false;
      await result(store.put({ holder: this.holder, until: now + LEASE_MS }, this.name));
      return true;
    });
  }

  private giveBack(): Promise<void> {
    return this.database.run("meta", "readwrite", async (store) => {
      const lease = (await result(store.get(this.name))) as Lease | undefined;
      if (lease?.holder === this.holder) await result(store.delete(this.name));
    });
  }
}

/** For a page that shares nothing with other pages. */
export class NoLock implements Lock {
  hold(work: LockedWork): Promise<void> {
    return work(new AbortController().signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}
