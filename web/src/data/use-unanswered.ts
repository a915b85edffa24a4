import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";

import { readPages } from "@/api/lists";
import { toText, type Text } from "@/api/texts";
import { toConversation, type Conversation } from "@/api/threads";
import { usePolling, useRows, useSyncClient } from "@/sync";
import { conversationsOf } from "./unanswered";

/** For so long the server's list may lack a text: its index follows the rows. */
const LAG_MS = 120_000;
const FRESH_MS = 300_000;

interface Read {
  readonly conversations: readonly Conversation[];
  /** Texts written before this, by the server's clock, are judged by the list. */
  readonly until: number;
}

const NOTHING: Read = { conversations: [], until: 0 };

export interface Unanswered {
  /** Who waits for an answer, the one who waits longest first. */
  readonly waiting: readonly Conversation[];
  /** What the server has listed of them. */
  readonly read: readonly Conversation[];
  /** The texts that may be later than that. */
  readonly live: readonly Text[];
  readonly refresh: () => void;
}

/** The conversations that wait for somebody: as the server lists them, kept true by the socket. */
export function useUnanswered(): Unanswered {
  const { http } = useSyncClient();
  const views = useRows("sms_logs");
  const { data = NOTHING, refetch } = useQuery({
    queryKey: ["threads", "unanswered"],
    staleTime: FRESH_MS,
    queryFn: async ({ signal }): Promise<Read> => {
      const query = { unanswered: "true" };
      const pages = await readPages(http, "/api/sms/threads", "threads", signal, query);
      const rows = pages.flatMap((page) => page.rows);
      const readAt = Date.parse(pages[0]?.readAt ?? "");
      return {
        conversations: rows.flatMap((row) => toConversation(row) ?? []),
        until: Number.isNaN(readAt) ? 0 : readAt - LAG_MS,
      };
    },
  });
  return useMemo(() => {
    const live = views
      .flatMap(({ row }) => toText(row) ?? [])
      .filter(({ writtenAt }) => Date.parse(writtenAt) >= data.until);
    const waiting = conversationsOf(data.conversations, live).filter(
      ({ isUnanswered }) => isUnanswered,
    );
    return {
      waiting: [...waiting].reverse(),
      read: data.conversations,
      live,
      refresh: () => void refetch({ cancelRefetch: false }),
    };
  }, [views, data, refetch]);
}

/** How many wait; reads the list again when changes were missed. For one place of the page. */
export function useUnansweredCount(): number {
  const { realtime } = useSyncClient();
  const { waiting, refresh } = useUnanswered();
  useEffect(() => realtime.resyncs.on(refresh), [realtime, refresh]);
  usePolling(refresh);
  return waiting.length;
}
