import { useCallback, useEffect, useRef, useState, type RefObject } from "react";

import { MAX_ATTEMPTS } from "../backoff";
import { localError, type SyncError } from "../errors";
import {
  dataOf,
  errorOfPress,
  isHeldUp,
  isKept,
  statusOf,
  unfinished,
  type MutationStatus,
  type Press,
} from "../mutation-state";
import { NotStoredError } from "../outbox";
import type { OptimisticPatch, OutboxItem, OutboxRequest, Priority } from "../outbox-item";
import type { ChangeEvent } from "../protocol";
import { useOutbox } from "./use-outbox";
import { useSyncClient } from "./sync-context";

export interface Progress {
  readonly attempt: number;
  readonly maxAttempts: number;
}

export interface SyncMutationConfig<TBody, TData> {
  readonly method?: OutboxItem["method"];
  /**
   * What it acts upon, such as `appointments/<id>`. Actions on one scope are sent one after
   * another, and one that is still under way is taken up again after a reload.
   */
  readonly scope: string;
  readonly priority?: Priority;
  /** The table whose change proves that it happened; any table when left out, none when "". */
  readonly eventTable?: string;
  /** What the row will look like; taken back when it is refused or remains unclear. */
  readonly optimistic?: (body: TBody) => OptimisticPatch;
  /** The data of a success that was told by a change instead of the answer. */
  readonly fromEvent?: (change: ChangeEvent) => TData;
  /** `kept`: the server has stored it and does the rest later, by itself. */
  readonly onSuccess?: ((data: TData | undefined, kept: boolean) => void) | undefined;
  /** Refused, or without an answer after all attempts (`status` 0). */
  readonly onError?: ((error: SyncError) => void) | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface SyncMutation<TBody, TData> {
  /**
   * Starts the action; does nothing while one is pending. After an unknown one it asks again with
   * the same key: call `reset` first to start afresh.
   */
  readonly mutate: (body: TBody) => void;
  readonly status: MutationStatus;
  /** On its way, or waiting to be. */
  readonly isPending: boolean;
  /** Pending, but held up: no network, nobody signed in, or an earlier action in the way. */
  readonly isQueued: boolean;
  readonly isSuccess: boolean;
  /** A success of which the server does the rest later, by itself. */
  readonly isKept: boolean;
  /** Refused: it did not happen. */
  readonly isError: boolean;
  /** No answer after all attempts: it may have happened. */
  readonly isUnknown: boolean;
  /** Which attempt this is, from 1; 0 before the first. */
  readonly attempt: number;
  readonly data: TData | undefined;
  readonly error: SyncError | null;
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
  config: SyncMutationConfig<TBody, TData>,
): SyncMutation<TBody, TData> {
  const { outbox } = useSyncClient();
  const [press, setPress] = useState<Press>({ step: "none" });
  const left = useOutbox((snapshot) => unfinished(snapshot, endpoint, config.scope));
  // Whatever is under way for this button is this button's: also after a reload, also from another tab.
  if (press.step === "none" && left !== null) setPress({ step: "stored", key: left });
  const key = press.step === "stored" ? press.key : null;
  const item = useOutbox(({ items }) => items.find((each) => each.key === key));
  const settlement = useOutbox(({ settled }) => (key === null ? undefined : settled.get(key)));
  const isQueued = useOutbox((snapshot) => isHeldUp(snapshot, key));

  const status = statusOf(press, { item, settlement });
  const error = errorOfPress(press, { item, settlement });
  const data = dataOf(settlement, config.fromEvent);
  const attempt = item?.attempt ?? 0;
  const busy = useRef(false);
  useEffect(() => {
    busy.current = status === "pending";
  }, [status]);
  const latest = useReports(key, attempt, config);
  useEffect(() => {
    // The person reads it here: it need not be told again by the list of refusals.
    if (item?.state === "rejected") void outbox.discard(item.key);
  }, [outbox, item]);

  const mutate = useCallback(
    (body: TBody): void => {
      // The mark is set at once: a second click may come before the next render.
      if (busy.current) return;
      busy.current = true;
      if (key !== null && status === "unknown") return void outbox.retry(key);
      setPress({ step: "storing" });
      outbox.enqueue(requestOf(endpoint, body, config)).then(
        (added) => {
          latest.current.key = added.key;
          setPress({ step: "stored", key: added.key });
        },
        (failure: unknown) => {
          const reason = reasonOf(failure);
          setPress({ step: "failed", error: reason });
          latest.current.config.onError?.(reason);
        },
      );
    },
    [outbox, endpoint, config, key, status, latest],
  );
  const reset = useCallback((): void => {
    if (busy.current) return;
    if (key !== null) void outbox.discard(key);
    setPress({ step: "none" });
  }, [outbox, key]);

  return {
    mutate,
    status,
    isPending: status === "pending",
    isQueued,
    isSuccess: status === "success",
    isKept: isKept(settlement),
    isError: status === "error",
    isUnknown: status === "unknown",
    attempt,
    data,
    error,
    reset,
  };
}

interface Latest<TBody, TData> {
  key: string | null;
  config: SyncMutationConfig<TBody, TData>;
}

/**
 * Calls back once for every end and every attempt of the press under `key`. The end is told before
 * the next render: that render may well take the button away.
 */
function useReports<TBody, TData>(
  key: string | null,
  attempt: number,
  config: SyncMutationConfig<TBody, TData>,
): RefObject<Latest<TBody, TData>> {
  const { outbox } = useSyncClient();
  const latest = useRef<Latest<TBody, TData>>({ key, config });
  useEffect(() => {
    latest.current.config = config;
  });
  useEffect(() => {
    latest.current.key = key;
  }, [key]);
  useEffect(
    () =>
      outbox.mirror.endings.on(({ item, settlement }) => {
        const { key: mine, config: to } = latest.current;
        if (item.key !== mine) return;
        if (settlement.status === "done")
          to.onSuccess?.(dataOf(settlement, to.fromEvent), isKept(settlement));
        else if (settlement.status !== "discarded") to.onError?.(settlement.error);
      }),
    [outbox],
  );
  useEffect(() => {
    if (attempt > 0) latest.current.config.onProgress?.({ attempt, maxAttempts: MAX_ATTEMPTS });
  }, [key, attempt]);
  return latest;
}

function requestOf<TBody, TData>(
  endpoint: string,
  body: TBody,
  config: SyncMutationConfig<TBody, TData>,
): OutboxRequest {
  return {
    endpoint,
    method: config.method ?? "POST",
    body,
    scope: config.scope,
    priority: config.priority ?? "NORMAL",
    eventTable: config.eventTable ?? null,
    optimistic: config.optimistic?.(body) ?? null,
  };
}

function reasonOf(failure: unknown): SyncError {
  return failure instanceof NotStoredError ? failure.reason : localError("STORAGE_FAILED");
}
