import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import * as v from "valibot";

import { parsed, actor, text, type Schemas } from "@/api/check";
import { readPage } from "@/api/lists";
import { useSyncClient } from "@/sync";
import { Button } from "@/ui/button";
import { useClock } from "@/ui/clock";
import { actorName } from "@/ui/actor";
import { momentOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import { ListProblem } from "@/ui/problem";
import { SkeletonRows } from "@/ui/skeleton";
import page from "@/ui/page.module.css";
import styles from "./activity.module.css";

const entry = v.object({
  id: v.string(),
  at: v.string(),
  actor,
  action: v.string(),
  result: text,
} satisfies Partial<Record<keyof Schemas["AuditEntry"], v.GenericSchema>>);

/** Who did what to a row, newest first, refusals included. */
export function Activity({ table, id }: { readonly table: string; readonly id: string }) {
  const messages = useMessages();
  const clock = useClock();
  const { http, realtime } = useSyncClient();
  const query = useInfiniteQuery({
    queryKey: ["audit", table, id],
    initialPageParam: null as string | null,
    queryFn: ({ signal, pageParam }) =>
      readPage(http, "/api/audit", "audit", signal, {
        table,
        id,
        limit: "30",
        ...(pageParam === null ? {} : { cursor: pageParam }),
      }),
    getNextPageParam: ({ cursor }) => cursor,
  });
  const { refetch } = query;
  useEffect(
    () => realtime.subscribeRow(table, id, () => void refetch()),
    [realtime, table, id, refetch],
  );
  if (query.isPending) return <SkeletonRows rows={4} />;
  if (query.error !== null)
    return (
      <ListProblem
        what={messages.person.activity}
        error={query.error}
        onRetry={() => void refetch()}
      />
    );
  const entries = query.data.pages
    .flatMap(({ rows }) => rows)
    .flatMap((row) => parsed(entry, row) ?? []);
  if (entries.length === 0) return <p className={page.nothing}>{messages.person.noActivity}</p>;
  return (
    <>
      <ol className={styles.list}>
        {entries.map(({ id: key, at, actor: by, action, result }) => (
          <li key={key} className={styles.item} data-refused={result !== null && result !== "ok"}>
            <span className={styles.action}>{action.replaceAll("_", " ")}</span>
            {result !== null && result !== "ok" && (
              <span className={styles.refused}>{messages.errors[result] ?? result}</span>
            )}
            <span className={page.muted}>
              {actorName(messages, by)} · {momentOf(at, clock)}
            </span>
          </li>
        ))}
      </ol>
      {query.hasNextPage && (
        <Button
          size="small"
          className={styles.more ?? ""}
          onClick={() => void query.fetchNextPage()}
        >
          {messages.nav.more}
        </Button>
      )}
    </>
  );
}
