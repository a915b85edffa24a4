import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";

import { isPassing } from "@/api/errors";
import { readAppointments } from "@/api/appointments";
import { usePolling, useRows, useSyncClient } from "@/sync";
import { useLastError } from "@/ui/use-last-error";
import { useNow } from "@/ui/use-now";
import { agendaOf, startsWithin, type AgendaDay, type Range } from "./agenda";
import { dayAt, daysAfter, startOf } from "./days";

const TABLE = "appointments";
const DAYS = 7;
const RETRIES = 2;

export interface Appointments {
  readonly today: string;
  readonly days: readonly AgendaDay[];
  readonly isLoading: boolean;
  readonly isRefreshing: boolean;
  /** The last read failed; what is known is shown all the same. */
  readonly error: Error | null;
  /** When the list was last read; 0: never yet. */
  readonly readAt: number;
  readonly refresh: () => void;
}

/** The org's appointments from today for a week: read once, and kept true by the socket. */
export function useAppointments(timeZone: string): Appointments {
  const { http, rows, realtime } = useSyncClient();
  // The page may stay open over midnight.
  const today = dayAt(useNow(30_000), timeZone);
  const range = useMemo(() => rangeOf(today, timeZone), [today, timeZone]);
  const views = useRows(TABLE);
  const query = useQuery({
    queryKey: [TABLE, range.from.toISOString(), range.to.toISOString()],
    queryFn: async ({ signal }) => {
      const { generation } = rows;
      const read = await readAppointments(http, range.from, range.to, signal);
      rows.mergeList({
        table: TABLE,
        rows: read,
        generation,
        covers: ({ start }) => startsWithin(start, range),
      });
      return read.length;
    },
    retry: (failures, error) => failures < RETRIES && isPassing(error),
  });
  const { refetch } = query;
  const refresh = (): void => {
    void refetch();
    realtime.refresh();
  };
  useEffect(() => realtime.resyncs.on(() => void refetch()), [realtime, refetch]);
  const error = useLastError(query);
  const failed = error !== null;
  usePolling(refresh, { when: failed ? "always" : "socket-down" });
  useEffect(
    () => realtime.states.on((state) => void (failed && state === "live" && refetch())),
    [realtime, refetch, failed],
  );

  const days = useMemo(() => agendaOf(views, range, timeZone), [views, range, timeZone]);
  return {
    today,
    days,
    isLoading: !failed && query.isPending && days.length === 0,
    isRefreshing: query.isFetching,
    error,
    readAt: query.dataUpdatedAt,
    refresh,
  };
}

function rangeOf(today: string, timeZone: string): Range {
  return { from: startOf(today, timeZone), to: startOf(daysAfter(today, DAYS), timeZone) };
}
