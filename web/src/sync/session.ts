/** The library for whoever is signed in on this page. */

import { SyncClient, type SyncConfig } from "./client";
import { isOpen, type OutboxItem } from "./outbox-item";
import type { RealtimeSyncService } from "./realtime";

let current: SyncClient | null = null;

/** Starts for a person; the one before is stopped. What a former page left queued is taken up. */
export function startSync(config: SyncConfig): SyncClient {
  current?.stop();
  current = new SyncClient(config);
  void current.start();
  return current;
}

/** Stops. `wipe`: the person signs out, and nothing of theirs stays in this browser. */
export async function stopSync(options: { readonly wipe: boolean }): Promise<void> {
  const client = current;
  current = null;
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

/**
 * Live changes of tables.
 *
 * @throws Error while nobody is signed in.
 */
export function getRealtimeSyncService(): RealtimeSyncService {
  if (current === null) throw new Error("Nobody is signed in: call startSync first");
  return current.realtime;
}
