import { useCallback, useEffect, useMemo, useSyncExternalStore } from "react";

import type { Row } from "../protocol";
import { rowTopic, type RowStore, type RowView } from "../row-store";
import { useSyncClient } from "./sync-context";

/** The rows of a table as they are now, kept live. The same array until one of them changes. */
export function useRows(table: string): readonly RowView[] {
  const { rows, realtime } = useSyncClient();
  useEffect(() => realtime.subscribe(table, () => undefined), [realtime, table]);
  const subscribe = useCallback(
    (listener: () => void) => onTable(rows, table, listener),
    [rows, table],
  );
  return useSyncExternalStore(subscribe, () => rows.rows(table));
}

/** The rows of a table that fit, kept live. The same array until one of them changes. */
export function useRowsWhere(table: string, fits: (row: Row) => boolean): readonly RowView[] {
  const { rows, realtime } = useSyncClient();
  useEffect(() => realtime.subscribe(table, () => undefined), [realtime, table]);
  const source = useMemo(() => sourceOf(rows, table, fits), [rows, table, fits]);
  return useSyncExternalStore(source.subscribe, source.read);
}

/** One row as it is now; undefined while it is not known. */
export function useRow(table: string, id: string): RowView | undefined {
  const { rows, realtime } = useSyncClient();
  useEffect(() => realtime.subscribe(table, () => undefined), [realtime, table]);
  const subscribe = useCallback(
    (listener: () => void) => rows.topics.on(rowTopic(table, id), listener),
    [rows, table, id],
  );
  return useSyncExternalStore(subscribe, () => rows.get(table, id));
}

function sourceOf(rows: RowStore, table: string, fits: (row: Row) => boolean) {
  let all: readonly RowView[] | null = null;
  let fitting: readonly RowView[] = [];
  return {
    read: (): readonly RowView[] => {
      const now = rows.rows(table);
      if (now === all) return fitting;
      all = now;
      const found = now.filter(({ row }) => fits(row));
      if (!isSame(found, fitting)) fitting = found;
      return fitting;
    },
    subscribe: (listener: () => void) => onTable(rows, table, listener),
  };
}

function onTable(rows: RowStore, table: string, listener: () => void): () => void {
  return rows.changes.on((changed) => {
    if (changed === table) listener();
  });
}

function isSame(a: readonly RowView[], b: readonly RowView[]): boolean {
  return a.length === b.length && a.every((view, index) => view === b[index]);
}
