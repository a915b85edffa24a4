/** What a button shows of its action: from the press and the outbox to one state. Pure. */

import type { SyncError } from "./errors";
import {
  isOpen,
  isOutstanding,
  isSameAction,
  type OutboxItem,
  type Settlement,
} from "./outbox-item";
import type { OutboxMirror } from "./outbox-mirror";
import type { ChangeEvent } from "./protocol";

/** unknown: no answer after all attempts; it may have happened · partial: for some of the rows. */
export type MutationStatus = "idle" | "pending" | "success" | "partial" | "error" | "unknown";

/** A press of the button: being stored, in the outbox under its key, or not accepted. */
export type Press =
  | { readonly step: "none" }
  | { readonly step: "storing"; readonly key: string }
  | { readonly step: "stored"; readonly key: string }
  | { readonly step: "failed"; readonly error: SyncError };

/** What the outbox knows of a press. */
export interface Progression {
  readonly item: OutboxItem | undefined;
  readonly settlement: Settlement | undefined;
  /** Not on its way, for want of network or sign-in, or behind an action for which that is so. */
  readonly isHeldUp: boolean;
  /** An action of the same kind on the same row that an earlier page, or another tab, has begun. */
  readonly open: string | null;
}

export function statusOf(press: Press, { item, settlement }: Progression): MutationStatus {
  if (press.step === "none") return "idle";
  if (press.step === "failed") return "error";
  if (item !== undefined && !isOutstanding(item))
    return item.state === "unknown" ? "unknown" : "error";
  if (settlement !== undefined && item === undefined) return ENDS[settlement.status];
  if (press.step === "storing" || item !== undefined) return "pending";
  return "idle";
}

const ENDS: Readonly<Record<Settlement["status"], MutationStatus>> = {
  done: "success",
  partial: "partial",
  rejected: "error",
  unknown: "unknown",
  discarded: "idle",
};

export function errorOfPress(press: Press, { item, settlement }: Progression): SyncError | null {
  if (press.step === "failed") return press.error;
  if (item !== undefined) return isOutstanding(item) ? null : item.error;
  return settlement !== undefined && "error" in settlement ? settlement.error : null;
}

/** The answer's body, or what `fromEvent` makes of the change that told of the success. */
export function dataOf<TData>(
  settlement: Settlement | undefined,
  fromEvent: ((change: ChangeEvent) => TData) | undefined,
): TData | undefined {
  // The server's word for its own answer: the caller names the type with the endpoint.
  if (settlement?.status === "partial") return settlement.body as TData;
  if (settlement?.status !== "done") return undefined;
  if (settlement.via === "answer") return settlement.body as TData;
  return settlement.via === "event" ? fromEvent?.(settlement.change) : undefined;
}

/** Done as far as the person is concerned; the server does the rest later, by itself. */
export function isKept(settlement: Settlement | undefined): boolean {
  return settlement?.status === "done" && settlement.via === "answer" && settlement.kept;
}

/** What the outbox knows of the press under `key`, of a button for `action`. */
export function progressionOf(
  mirror: OutboxMirror,
  key: string | null,
  action: Pick<OutboxItem, "endpoint" | "scopes">,
): Progression {
  const item = key === null ? undefined : mirror.get(key);
  const [scope] = action.scopes;
  const open = scope === undefined ? undefined : mirror.inScope(scope).find(isOpenLike(action));
  return {
    item,
    settlement: key === null ? undefined : mirror.endOf(key),
    isHeldUp: item !== undefined && isHeldUp(mirror, item),
    open: open?.key ?? null,
  };
}

function isOpenLike(action: Pick<OutboxItem, "endpoint" | "scopes">) {
  return (item: OutboxItem): boolean => isOpen(item) && isSameAction(item, action);
}

function isHeldUp(mirror: OutboxMirror, item: OutboxItem): boolean {
  if (item.state !== "queued") return false;
  const before = item.scopes.flatMap((scope) =>
    mirror.inScope(scope).filter(({ seq }) => seq <= item.seq),
  );
  return [item, ...before].some(
    ({ state, waiting }) =>
      state === "unknown" ||
      (state === "queued" && (waiting === "network" || waiting === "sign-in")),
  );
}
