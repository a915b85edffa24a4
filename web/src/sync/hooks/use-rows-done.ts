import { useEffect, useState } from "react";

import { useSyncClient } from "./sync-context";

const NONE: ReadonlySet<string> = new Set();

/** How many rows have told, by changes that carry the key of the press, that they are done. */
export function useRowsDone(key: string | null, wanted: boolean): number {
  const { realtime } = useSyncClient();
  const [done, setDone] = useState<{ key: string | null; ids: ReadonlySet<string> }>({
    key: null,
    ids: NONE,
  });
  useEffect(() => {
    if (key === null || !wanted) return;
    return realtime.keyed.on(key, ({ table, id }) =>
      setDone((known) => ({
        key,
        ids: new Set([...(known.key === key ? known.ids : []), `${table}/${id}`]),
      })),
    );
  }, [realtime, key, wanted]);
  return done.key === key ? done.ids.size : 0;
}
