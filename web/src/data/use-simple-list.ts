import { useQuery } from "@tanstack/react-query";

import { ApiError, isPassing } from "@/api/errors";
import { readList } from "@/api/lists";
import { useSyncClient, type Row } from "@/sync";

export interface SimpleList {
  readonly rows: readonly Row[];
  readonly isLoading: boolean;
  readonly error: Error | null;
  readonly refresh: () => void;
}

/** A list that is read and shown, and not kept: of a server that has it. One that has not counts as empty. */
export function useSimpleList(
  path: string,
  name: string,
  query: Readonly<Record<string, string>> = {},
  everyMs?: number,
): SimpleList {
  const { http } = useSyncClient();
  const read = useQuery({
    queryKey: ["simple", path, query],
    queryFn: ({ signal }) =>
      readList(http, path, name, signal, query).catch((error: unknown) => {
        if (error instanceof ApiError && error.reason.status === 404) return [];
        throw error;
      }),
    retry: (failures, error) => failures < 2 && isPassing(error),
    ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
  });
  return {
    rows: read.data ?? [],
    isLoading: read.isPending,
    error: read.error,
    refresh: () => void read.refetch(),
  };
}
