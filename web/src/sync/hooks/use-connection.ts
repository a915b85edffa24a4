import { useCallback, useSyncExternalStore } from "react";

import type { ConnectionState } from "../realtime";
import { useSyncClient } from "./sync-context";

/** The state of the live connection. */
export function useConnection(): ConnectionState {
  const { realtime } = useSyncClient();
  const subscribe = useCallback((listener: () => void) => realtime.states.on(listener), [realtime]);
  return useSyncExternalStore(subscribe, () => realtime.state);
}
