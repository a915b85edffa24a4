import { useEffect, useRef, type RefObject } from "react";

import { MAX_ATTEMPTS } from "../backoff";
import type { SyncError } from "../errors";
import { dataOf, isKept } from "../mutation-state";
import type { ChangeEvent } from "../protocol";
import { useSyncClient } from "./sync-context";

export interface Progress {
  readonly attempt: number;
  readonly maxAttempts: number;
  /** Rows of which a change has told that they are done, of `total`. */
  readonly processed: number;
  readonly total: number;
}

/** Whom a press reports to. */
export interface Reports<TData> {
  /** The data of a success that was told by a change instead of the answer. */
  readonly fromEvent?: ((change: ChangeEvent) => TData) | undefined;
  /** `kept`: the server has stored it and does the rest later, by itself. */
  readonly onSuccess?: ((data: TData | undefined, kept: boolean) => void) | undefined;
  /** Done for some of the rows and not for others. `onError` is called as well. */
  readonly onPartial?: ((data: TData | undefined) => void) | undefined;
  /** Refused, or done in part (`PARTIAL`), or without an answer after all attempts (`status` 0). */
  readonly onError?: ((error: SyncError) => void) | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface Latest<TConfig> {
  /** The presses of this button that are to be reported. */
  readonly keys: Set<string>;
  config: TConfig;
}

/**
 * Calls back once for every end of the presses in `keys`, and for every attempt. The end is told
 * before the next render: that render may well take the button away.
 */
export function usePressReports<TData, TConfig extends Reports<TData>>(
  config: TConfig,
): RefObject<Latest<TConfig>> {
  const { outbox } = useSyncClient();
  const latest = useRef<Latest<TConfig>>({ keys: new Set(), config });
  useEffect(() => {
    latest.current.config = config;
  });
  useEffect(
    () =>
      outbox.mirror.endings.on(({ item, settlement }) => {
        const { keys, config: to } = latest.current;
        if (!keys.has(item.key)) return;
        if (settlement.status !== "unknown") keys.delete(item.key);
        if (settlement.status === "done")
          to.onSuccess?.(dataOf(settlement, to.fromEvent), isKept(settlement));
        else if (settlement.status !== "discarded") {
          if (settlement.status === "partial") to.onPartial?.(dataOf(settlement, to.fromEvent));
          to.onError?.(settlement.error);
        }
      }),
    [outbox],
  );
  return latest;
}

/** Reports each attempt, and each row that is done. */
export function useProgressReports(
  key: string | null,
  attempt: number,
  rows: { readonly processed: number; readonly total: number },
  latest: RefObject<Latest<Pick<Reports<unknown>, "onProgress">>>,
): void {
  const { processed, total } = rows;
  useEffect(() => {
    if (attempt > 0)
      latest.current.config.onProgress?.({ attempt, maxAttempts: MAX_ATTEMPTS, processed, total });
  }, [key, attempt, processed, total, latest]);
}
