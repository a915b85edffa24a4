import { useCallback, useEffect, useMemo, useRef, useState } from "react";

import { localError, type SyncError } from "../errors";
import {
  dataOf,
  errorOfPress,
  isKept,
  statusOf,
  type MutationStatus,
  type Press,
} from "../mutation-state";
import { NotStoredError } from "../outbox";
import type {
  Concurrency,
  OptimisticPatch,
  OutboxItem,
  OutboxRequest,
  Priority,
} from "../outbox-item";
import { editConflictOf } from "../edits";
import { requestOf, scopesOf } from "../request-of";
import { useProgressReports, usePressReports, type Reports } from "./use-press-reports";
import { useProgression } from "./use-progression";
import { useRowsDone } from "./use-rows-done";
import { useSyncClient } from "./sync-context";

export interface SyncMutationConfig<TBody, TData> extends Reports<TData> {
  readonly method?: OutboxItem["method"] | undefined;
  /**
   * What it acts upon, such as `appointments/<id>`. Actions that share a scope are sent one after
   * another, and one that is still under way is taken up again after a reload. Without a scope it
   * waits for nothing, and a new page does not take it up: it is sent all the same.
   */
  readonly scope?: string | undefined;
  /**
   * The same, for an action on several rows. Two actions of one endpoint on one row are told apart
   * by a scope more, such as `#notes/jobs/<id>`: else the one is taken for the other.
   */
  readonly scopes?: readonly string[] | undefined;
  /** What becomes of a press while one is pending. `one` (default): nothing, it is the same press. */
  readonly concurrency?: Concurrency | undefined;
  readonly priority?: Priority | undefined;
  /** The table whose change proves that it happened; any table when left out, none when "". */
  readonly eventTable?: string | undefined;
  /** What rows will look like; taken back when it is refused or remains unclear. */
  readonly optimistic?: ((body: TBody) => OptimisticPatch | readonly OptimisticPatch[]) | undefined;
  /** What the person saw of the fields that the body changes under its `expectedVersion`. */
  readonly base?: ((body: TBody) => OutboxRequest["base"]) | undefined;
  /** How many rows it is for, so that progress can be told. */
  readonly total?: ((body: TBody) => number) | undefined;
}

/** The key of the press, or that there was none: one is pending already. */
export type Mutated = { readonly key: string } | "dropped";

export interface SyncMutation<TBody, TData> {
  /**
   * Starts the action. With `concurrency` one it does nothing while one is pending, and after an
   * unknown one it asks again with the same key: call `reset` first to start afresh.
   */
  readonly mutate: (body: TBody) => Mutated;
  /** Of the latest press. */
  readonly status: MutationStatus;
  /** On its way, or waiting to be. */
  readonly isPending: boolean;
  /** Pending, but held up: no network, nobody signed in, or an earlier action in the way. */
  readonly isQueued: boolean;
  readonly isSuccess: boolean;
  /** A success of which the server does the rest later, by itself. */
  readonly isKept: boolean;
  /** Done for some of the rows; `data` tells of which, `error` of how many not. */
  readonly isPartial: boolean;
  /** Refused: it did not happen. */
  readonly isError: boolean;
  /** No answer after all attempts: it may have happened. */
  readonly isUnknown: boolean;
  /** Which attempt this is, from 1; 0 before the first. */
  readonly attempt: number;
  /** Rows that are done, of `total`. */
  readonly processed: number;
  readonly total: number;
  readonly data: TData | undefined;
  readonly error: SyncError | null;
  /** Asks again for an unknown one, with the same key. */
  readonly retry: () => void;
  /** Back to the start, unless it is pending. An unknown action is given up. */
  readonly reset: () => void;
}

/**
 * A button's action. The idempotency key is made and stored before anything is sent; it is
 * repeated as far as that is safe; it ends with the answer or with the realtime change that
 * carries its key, whichever is first; and it outlives the page.
 */
export function useSyncMutation<TBody, TData = unknown>(
  endpoint: string,
  config: SyncMutationConfig<TBody, TData> = {},
): SyncMutation<TBody, TData> {
  const { outbox } = useSyncClient();
  const { concurrency = "one" } = config;
  const [press, setPress] = useState<Press>({ step: "none" });
  const [total, setTotal] = useState(1);
  const key = "key" in press ? press.key : null;
  const scopeList = scopesOf(config).join("\n");
  const scopes = useMemo(() => (scopeList === "" ? [] : scopeList.split("\n")), [scopeList]);
  const progression = useProgression(key, { endpoint, scopes });
  const { item, settlement, open } = progression;
  // Whatever is under way for this button is this button's: also after a reload, also from another tab.
  if (press.step === "none" && open !== null && concurrency !== "queue")
    setPress({ step: "stored", key: open });

  const status = statusOf(press, progression);
  const attempt = item?.attempt ?? 0;
  const told = useRowsDone(key, config.total !== undefined);
  const processed = status === "success" ? total : Math.min(told, total);
  const busy = useRef(false);
  useEffect(() => {
    busy.current = status === "pending";
  }, [status]);
  const latest = usePressReports<TData, SyncMutationConfig<TBody, TData>>(config);
  useEffect(() => {
    if (key !== null) latest.current.keys.add(key);
  }, [key, latest]);
  useProgressReports(key, attempt, { processed, total }, latest);
  useEffect(() => {
    // The person reads it here: it need not be told again by the list of refusals. Two values of
    // one field stay there until somebody has chosen.
    if (item?.state === "rejected" && editConflictOf(item) === null) void outbox.discard(item.key);
  }, [outbox, item]);

  const mutate = useCallback(
    (body: TBody): Mutated => {
      const now = latest.current.config;
      // The mark is set at once: a second click may come before the next render.
      if (concurrency === "one" && busy.current) return "dropped";
      busy.current = true;
      if (concurrency === "one" && key !== null && status === "unknown") {
        void outbox.retry(key);
        return { key };
      }
      const newKey = outbox.newKey();
      latest.current.keys.add(newKey);
      setPress({ step: "storing", key: newKey });
      setTotal(now.total?.(body) ?? 1);
      outbox.enqueue(requestOf(endpoint, body, now), concurrency, newKey).then(
        (added) => {
          // Another tab may have been first with the very same press.
          latest.current.keys.add(added.key);
          setPress((shown) =>
            "key" in shown && shown.key === newKey ? { step: "stored", key: added.key } : shown,
          );
        },
        (failure: unknown) => {
          const reason = reasonOf(failure);
          setPress({ step: "failed", error: reason });
          latest.current.config.onError?.(reason);
        },
      );
      return { key: newKey };
    },
    [outbox, endpoint, concurrency, key, status, latest],
  );
  const retry = useCallback((): void => {
    if (key !== null && status === "unknown") void outbox.retry(key);
  }, [outbox, key, status]);
  const reset = useCallback((): void => {
    if (busy.current) return;
    if (key !== null) void outbox.discard(key);
    setPress({ step: "none" });
  }, [outbox, key]);

  return {
    mutate,
    status,
    isPending: status === "pending",
    isQueued: progression.isHeldUp,
    isSuccess: status === "success",
    isKept: isKept(settlement),
    isPartial: status === "partial",
    isError: status === "error",
    isUnknown: status === "unknown",
    attempt,
    processed,
    total,
    data: dataOf(settlement, config.fromEvent),
    error: errorOfPress(press, progression),
    retry,
    reset,
  };
}

function reasonOf(failure: unknown): SyncError {
  return failure instanceof NotStoredError ? failure.reason : localError("STORAGE_FAILED");
}
