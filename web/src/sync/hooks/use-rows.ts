import { useCallback, useEffect, useSyncExternalStore } from "react";

import type { RowView } from "../row-store";
import { useSyncClient } from "./sync-context";

/** The rows of a table as they are now, kept live. The same array until one of them changes. */
export function useRows(table: string): readonly RowView[] {
  const { rows, realtime } = useSyncClient();
  useEffect(() => realtime.subscribe(table, () => undefined), [realtime, table]);
  const subscribe = useCallback(
    (listener: () => void) => onTable(rows.changes, table, listener),
    [rows, table],
  );
  return useSyncExternalStore(subscribe, () => rows.rows(table));
}

/** One row as it is now; undefined while it is not known. */
export function useRow(table: string, id: string): RowView | undefined {
  const { rows } = useSyncClient();
  const subscribe = useCallback(
    (listener: () => void) => onTable(rows.changes, table, listener),
    [rows, table],
  );
  return useSyncExternalStore(subscribe, () => rows.get(table, id));
}

function onTable(
  changes: { on: (listener: (table: string) => void) => () => void },
  table: string,
  listener: () => void,
): () => void {
  return changes.on((changed) => {
    if (changed === table) listener();
  });
}
