/** What a button shows of its action: from the press and the outbox to one state. Pure. */

import type { SyncError } from "./errors";
import { isOpen, isOutstanding, type OutboxItem, type Settlement } from "./outbox-item";
import type { OutboxSnapshot } from "./outbox-mirror";
import type { ChangeEvent } from "./protocol";

/** unknown: no answer after all attempts; it may have happened. */
export type MutationStatus = "idle" | "pending" | "success" | "error" | "unknown";

/** A press of the button: being stored, in the outbox under its key, or not accepted. */
export type Press =
  | { readonly step: "none" }
  | { readonly step: "storing" }
  | { readonly step: "stored"; readonly key: string }
  | { readonly step: "failed"; readonly error: SyncError };

/** What the outbox knows of a press. */
export interface Progression {
  readonly item: OutboxItem | undefined;
  readonly settlement: Settlement | undefined;
}

export function statusOf(press: Press, { item, settlement }: Progression): MutationStatus {
  if (press.step === "none") return "idle";
  if (press.step === "failed") return "error";
  if (press.step === "storing" || (item !== undefined && isOutstanding(item))) return "pending";
  if (item !== undefined) return item.state === "unknown" ? "unknown" : "error";
  if (settlement === undefined || settlement.status === "discarded") return "idle";
  return ({ done: "success", rejected: "error", unknown: "unknown" } as const)[settlement.status];
}

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
  if (settlement?.status !== "done") return undefined;
  // The server's word for its own answer: the caller names the type with the endpoint.
  if (settlement.via === "answer") return settlement.body as TData;
  return settlement.via === "event" ? fromEvent?.(settlement.change) : undefined;
}

/** Done as far as the person is concerned; the server does the rest later, by itself. */
export function isKept(settlement: Settlement | undefined): boolean {
  return settlement?.status === "done" && settlement.via === "answer" && settlement.kept;
}

/** An action of the same kind on the same row that an earlier page, or another tab, has begun. */
export function unfinished(
  snapshot: OutboxSnapshot,
  endpoint: string,
  scope: string,
): string | null {
  const same = (item: OutboxItem): boolean => item.endpoint === endpoint && item.scope === scope;
  return snapshot.items.find((item) => same(item) && isOpen(item))?.key ?? null;
}

/** Not on its way, for want of network or sign-in, or behind an action for which that is so. */
export function isHeldUp(snapshot: OutboxSnapshot, key: string | null): boolean {
  const item = snapshot.items.find((each) => each.key === key);
  if (item?.state !== "queued") return false;
  const before = snapshot.items.filter(({ scope, seq }) => scope === item.scope && seq <= item.seq);
  return before.some(
    ({ state, waiting }) => state === "unknown" || waiting === "network" || waiting === "sign-in",
  );
}
