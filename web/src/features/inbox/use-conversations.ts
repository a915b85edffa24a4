import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";

import { isPassing } from "@/api/errors";
import { readPage } from "@/api/lists";
import { toConversation, type Conversation } from "@/api/threads";
import { conversationsOf } from "@/data/unanswered";
import { useUnanswered } from "@/data/use-unanswered";
import { useSyncClient } from "@/sync";

const PAGE = "50";

export interface Conversations {
  /** Unanswered ones first, then the latest. */
  readonly conversations: readonly Conversation[];
  readonly isLoading: boolean;
  readonly error: Error | null;
  readonly hasOlder: boolean;
  readonly readOlder: () => void;
  readonly refresh: () => void;
}

/** The conversations, read page by page and kept true by the socket; all unanswered ones at once. */
export function useConversations(): Conversations {
  const { http, realtime } = useSyncClient();
  const { read, live } = useUnanswered();
  const query = useInfiniteQuery({
    queryKey: ["threads", "all"],
    initialPageParam: null as string | null,
    queryFn: ({ signal, pageParam }) =>
      readPage(http, "/api/sms/threads", "threads", signal, {
        limit: PAGE,
        ...(pageParam === null ? {} : { cursor: pageParam }),
      }),
    getNextPageParam: ({ cursor }) => cursor,
    retry: (failures, error) => failures < 2 && isPassing(error),
  });
  const { refetch } = query;
  useEffect(() => realtime.resyncs.on(() => void refetch()), [realtime, refetch]);
  const pages = query.data?.pages;
  const conversations = useMemo(() => {
    const listed = pages?.flatMap(({ rows }) => rows.flatMap((row) => toConversation(row) ?? []));
    // Sorting keeps the order of those that are equal: the latest first.
    return conversationsOf([...read, ...(listed ?? [])], live).toSorted(
      (a, b) => Number(b.isUnanswered) - Number(a.isUnanswered),
    );
  }, [pages, read, live]);
  return {
    conversations,
    isLoading: query.isPending && conversations.length === 0,
    error: query.error,
    hasOlder: query.hasNextPage,
    readOlder: () => void query.fetchNextPage(),
    refresh: () => void refetch(),
  };
}
