/** The library for whoever is signed in on this page. */

import { SyncClient, type SyncConfig } from "./client";
import { isOpen, type OutboxItem } from "./outbox-item";
import type { RealtimeSyncService, RowChange, Subscription } from "./realtime";

let current: SyncClient | null = null;

/** Starts for a person; the one before is stopped. What a former page left queued is taken up. */
export function startSync(config: SyncConfig): SyncClient {
  current?.stop();
  current = new SyncClient(config);
  void current.start();
  realtime.follow(current.realtime);
  return current;
}

/** Stops. `wipe`: the person signs out, and nothing of theirs stays in this browser. */
export async function stopSync(options: { readonly wipe: boolean }): Promise<void> {
  const client = current;
  current = null;
  realtime.follow(null);
  if (options.wipe) await client?.signOut();
  else client?.stop();
}

/** The button presses that are not settled yet, in their order; none while nobody is signed in. */
export function getOfflineQueue(): readonly OutboxItem[] {
  return current?.outbox.snapshot.items.filter(isOpen) ?? [];
}

/** Sends what waits, now. Resolves when it is on its way, not when it has arrived. */
export async function syncOfflineQueue(): Promise<void> {
  await current?.syncNow();
}

/** Live changes of tables, whoever is signed in: a listener may come before the person and stay after. */
export interface PageRealtime {
  subscribe(table: string, listener: (change: RowChange) => void): () => void;
  /** The last change of a table that was news to this page. */
  getLatest(table: string): RowChange | null;
  /** @throws Error while nobody is signed in, ChangeTimeoutError when none comes in time. */
  waitForChange(
    table: string,
    timeoutMs: number,
    matches?: (change: RowChange) => boolean,
  ): Promise<RowChange>;
  getSubscriptions(): Subscription[];
}

interface Listening {
  readonly table: string;
  readonly listener: (change: RowChange) => void;
  stop: () => void;
}

class FollowingRealtime implements PageRealtime {
  private service: RealtimeSyncService | null = null;
  private readonly listening = new Set<Listening>();

  follow(service: RealtimeSyncService | null): void {
    this.service = service;
    for (const each of this.listening) {
      each.stop();
      each.stop = service?.subscribe(each.table, each.listener) ?? (() => undefined);
    }
  }

  subscribe(table: string, listener: (change: RowChange) => void): () => void {
    const stop = this.service?.subscribe(table, listener) ?? (() => undefined);
    const mine: Listening = { table, listener, stop };
    this.listening.add(mine);
    return () => {
      this.listening.delete(mine);
      mine.stop();
    };
  }

  getLatest(table: string): RowChange | null {
    return this.service?.getLatest(table) ?? null;
  }

  async waitForChange(
    table: string,
    timeoutMs: number,
    matches?: (change: RowChange) => boolean,
  ): Promise<RowChange> {
    if (this.service === null) throw new Error("Nobody is signed in: call startSync first");
    return this.service.waitForChange(table, timeoutMs, matches);
  }

  getSubscriptions(): Subscription[] {
    return this.service?.getSubscriptions() ?? [];
  }
}

const realtime = new FollowingRealtime();

/** Live changes of tables. Also before anybody is signed in: then it begins with the sign-in. */
export function getRealtimeSyncService(): PageRealtime {
  return realtime;
}
