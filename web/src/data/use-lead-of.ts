import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";

import { readList } from "@/api/lists";
import { useRowsWhere, useSyncClient, type Row } from "@/sync";

/** The lead with this number, if there is one: as it is known, and asked for once. */
export function useLeadOf(phone: string | null): Row | null {
  const { http, rows } = useSyncClient();
  useQuery({
    queryKey: ["lead-of", phone],
    enabled: phone !== null,
    queryFn: async ({ signal }) => {
      const { generation } = rows;
      const found = await readList(http, "/api/leads", "leads", signal, { phone: phone ?? "" });
      rows.mergeList({ table: "leads", rows: found, generation, covers: () => false });
      return found.length;
    },
  });
  const fits = useCallback((row: Row) => phone !== null && row.phone === phone, [phone]);
  return useRowsWhere("leads", fits)[0]?.row ?? null;
}
