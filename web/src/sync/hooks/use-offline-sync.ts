import { useCallback, useMemo, useSyncExternalStore } from "react";

import { isOutstanding, type OutboxItem } from "../outbox-item";
import { useConnection } from "./use-connection";
import { useOutbox } from "./use-outbox";
import { useSyncClient } from "./sync-context";

export interface OfflineSync {
  /** Button presses that are still to be sent or answered. */
  readonly queued: readonly OutboxItem[];
  /** Of these, the ones that wait for the network, whether or not the browser has noticed. */
  readonly waitingForNetwork: number;
  /** Of these, the ones that wait for somebody to sign in. */
  readonly waitingForSignIn: number;
  /** Without an answer after all attempts: the person decides. */
  readonly unknown: readonly OutboxItem[];
  /** Refused, and nobody has been told yet. */
  readonly rejected: readonly OutboxItem[];
  /** False when the browser says so and nothing proves it wrong: a live socket does. */
  readonly isOnline: boolean;
  /** What is queued survives a reload. */
  readonly durable: boolean;
  /** Sends what waits, now. */
  readonly sync: () => void;
  /** Another round for one of `unknown`. */
  readonly retry: (key: string) => void;
  /** Takes an item out of the queue. */
  readonly dismiss: (key: string) => void;
}

/** What is queued, and what the person can do about it. It sends itself when the network is back. */
export function useOfflineSync(): OfflineSync {
  const client = useSyncClient();
  const items = useOutbox((snapshot) => snapshot.items);
  const connection = useConnection();
  const saidOnline = useSyncExternalStore(
    useCallback((listener: () => void) => client.onOpinion(listener), [client]),
    () => client.isSaidOnline(),
  );
  const durable = useSyncExternalStore(
    useCallback((listener: () => void) => client.durability.on(listener), [client]),
    () => client.durable,
  );
  return useMemo(() => {
    const queued = items.filter(isOutstanding);
    const isCutOff = (item: OutboxItem): boolean =>
      item.waiting === "network" || (item.error?.status === 0 && connection !== "live");
    const waitingForNetwork = queued.filter(isCutOff).length;
    return {
      queued,
      waitingForNetwork,
      waitingForSignIn: queued.filter((item) => item.waiting === "sign-in").length,
      unknown: items.filter((item) => item.state === "unknown"),
      rejected: items.filter((item) => item.state === "rejected"),
      isOnline: saidOnline || (connection === "live" && waitingForNetwork === 0),
      durable,
      sync: () => void client.syncNow(),
      retry: (key) => void client.outbox.retry(key),
      dismiss: (key) => void client.outbox.discard(key),
    };
  }, [client, items, connection, saidOnline, durable]);
}
