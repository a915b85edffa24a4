import { useQuery } from "@tanstack/react-query";

import { ApiError, isPassing } from "@/api/errors";
import { readOne } from "@/api/lists";
import { useRow, useSyncClient, type RowView } from "@/sync";

export interface One {
  readonly view: RowView | undefined;
  readonly isLoading: boolean;
  /** The server says that there is no such row. */
  readonly isGone: boolean;
  readonly error: Error | null;
  readonly refresh: () => void;
}

/**
 * One row, such as the `lead` of `/api/leads/{id}`: as it is known, and read once to be sure; not
 * read while it is not `wanted`.
 */
export function useOne(table: string, name: string, id: string, wanted = true): One {
  const { http, rows } = useSyncClient();
  const view = useRow(table, id);
  const query = useQuery({
    queryKey: ["one", table, id],
    enabled: wanted,
    queryFn: async ({ signal }) => {
      const row = await readOne(http, `/api/${table}/${encodeURIComponent(id)}`, name, signal);
      const { generation } = rows;
      if (row !== null) rows.mergeList({ table, rows: [row], generation, covers: () => false });
      return row !== null;
    },
    retry: (failures, error) => failures < 2 && isPassing(error),
  });
  const isGone = query.error instanceof ApiError && query.error.reason.status === 404;
  return {
    view,
    isLoading: query.isPending && view === undefined,
    isGone: isGone || (query.isSuccess && view === undefined),
    error: query.error,
    refresh: () => void query.refetch(),
  };
}
