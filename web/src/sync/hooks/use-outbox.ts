import { useCallback, useSyncExternalStore } from "react";

import type { OutboxSnapshot } from "../outbox-mirror";
import { useSyncClient } from "./sync-context";

/** A part of the outbox. `select` answers a primitive or an object of the snapshot, not a new one. */
export function useOutbox<T>(select: (snapshot: OutboxSnapshot) => T): T {
  const { outbox } = useSyncClient();
  const subscribe = useCallback(
    (listener: () => void) => outbox.mirror.changes.on(listener),
    [outbox],
  );
  return useSyncExternalStore(subscribe, () => select(outbox.snapshot));
}
