import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { isPassing } from "@/api/errors";
import { readPage } from "@/api/lists";
import { fromThread, toText, type Text } from "@/api/texts";
import type { PersonRef } from "@/api/threads";
import { useSmsSync, useSyncClient } from "@/sync";

export interface ThreadState {
  /** Oldest first. */
  readonly texts: readonly Text[];
  readonly isLoading: boolean;
  readonly error: Error | null;
  readonly hasOlder: boolean;
  readonly readOlder: () => void;
  readonly refresh: () => void;
}

const PAGE = "50";

/** The texts with somebody: read page by page, newest first, and kept true by the socket. */
export function useThread({ table, id }: PersonRef): ThreadState {
  const { http } = useSyncClient();
  const { messages: live } = useSmsSync(id);
  const query = useInfiniteQuery({
    queryKey: ["thread", table, id],
    initialPageParam: null as string | null,
    queryFn: ({ signal, pageParam }) =>
      readPage(
        http,
        `/api/${table}/${encodeURIComponent(id)}/sms-history`,
        "sms_messages",
        signal,
        {
          limit: PAGE,
          ...(pageParam === null ? {} : { cursor: pageParam }),
        },
      ),
    getNextPageParam: ({ cursor }) => cursor,
    retry: (failures, error) => failures < 2 && isPassing(error),
  });
  const pages = query.data?.pages;
  const texts = useMemo(() => {
    const known = new Map<string, Text>();
    for (const row of pages?.flatMap(({ rows }) => rows) ?? []) {
      const text = fromThread(row, { table, id });
      if (text !== null) known.set(text.id, text);
    }
    // The socket's word is the newer one.
    for (const { row } of live) {
      const text = toText(row);
      if (text !== null) known.set(text.id, text);
    }
    return [...known.values()].sort((a, b) => a.at.localeCompare(b.at));
  }, [pages, live, table, id]);
  return {
    texts,
    isLoading: query.isPending && texts.length === 0,
    error: query.error,
    hasOlder: query.hasNextPage,
    readOlder: () => void query.fetchNextPage(),
    refresh: () => void query.refetch(),
  };
}
