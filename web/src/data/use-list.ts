import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useSyncExternalStore } from "react";

import { isPassing } from "@/api/errors";
import { usePolling, useRows, useSyncClient, type Http, type Row, type RowView } from "@/sync";
import { useLastError } from "@/ui/use-last-error";

const RETRIES = 2;

export interface ListSource {
  readonly table: string;
  /** Names the list: which rows it has. Another name is another list. */
  readonly name: string;
  readonly read: (http: Http, signal: AbortSignal) => Promise<readonly Row[]>;
  /** Which rows the list would contain: what it lacks of them is gone. */
  readonly covers: (row: Row) => boolean;
}

export interface List {
  /** All rows of the table that are known: whoever shows them chooses. */
  readonly views: readonly RowView[];
  /** The list has been read whole, by this page or an earlier one. Until then no number is true. */
  readonly isKnown: boolean;
  readonly isLoading: boolean;
  readonly isRefreshing: boolean;
  /** The last read failed; what is known is shown all the same. */
  readonly error: Error | null;
  /** When the list was last read; null: never. */
  readonly readAt: number | null;
  readonly refresh: () => void;
}

/** A list: what an earlier page kept at once, then as the server says, then kept true by the socket. */
export function useList({ table, name, read, covers }: ListSource): List {
  const { http, rows, realtime, kept } = useSyncClient();
  const views = useRows(table);
  const query = useQuery({
    queryKey: ["list", table, name],
    queryFn: async ({ signal }) => {
      const { generation } = rows;
      const found = await read(http, signal);
      rows.mergeList({ table, rows: found, generation, covers });
      kept.noteRead(`${table}:${name}`, Date.now());
      return found.length;
    },
    retry: (failures, error) => failures < RETRIES && isPassing(error),
  });
  const { refetch } = query;
  const refresh = useCallback((): void => {
    void refetch();
    realtime.refresh();
  }, [refetch, realtime]);
  useEffect(() => realtime.resyncs.on(() => void refetch()), [realtime, refetch]);
  const error = useLastError(query);
  const failed = error !== null;
  usePolling(refresh, { when: failed ? "always" : "socket-down" });
  useEffect(
    () => realtime.states.on((state) => void (failed && state === "live" && refetch())),
    [realtime, refetch, failed],
  );
  const readAt = useSyncExternalStore(
    useCallback((listener: () => void) => rows.changes.on(listener), [rows]),
    () => kept.readAt(`${table}:${name}`),
  );
  return {
    views,
    isKnown: readAt !== null,
    isLoading: !failed && query.isPending && readAt === null,
    isRefreshing: query.isFetching,
    error,
    readAt: query.dataUpdatedAt === 0 ? readAt : query.dataUpdatedAt,
    refresh,
  };
}
