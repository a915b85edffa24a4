import { useQuery } from "@tanstack/react-query";

import { readOne } from "@/api/lists";
import { isUnderWay, toRun, type Run } from "@/api/reconcile";
import { useSyncClient } from "@/sync";

const LOOK_MS = 1_500;

/** One run with its plan, looked at again until it has ended. */
export function useRun(id: string | null): {
  readonly run: Run | null;
  readonly error: Error | null;
} {
  const { http } = useSyncClient();
  const read = useQuery({
    queryKey: ["run", id],
    enabled: id !== null,
    queryFn: async ({ signal }) => {
      const path = `/api/reconcile/runs/${encodeURIComponent(id ?? "")}`;
      const row = await readOne(http, path, "run", signal);
      return row === null ? null : toRun(row);
    },
    refetchInterval: ({ state }) =>
      state.data == null || isUnderWay(state.data) ? LOOK_MS : false,
  });
  return { run: read.data ?? null, error: read.error };
}
