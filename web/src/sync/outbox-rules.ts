/** The moves of an outbox item. Pure: (item, what happened, now) → item as it is afterwards. */

import { backoffMs, MAX_ATTEMPTS } from "./backoff";
import { localError } from "./errors";
import { isOpen, type OutboxItem, type Priority } from "./outbox-item";
import type { Outcome } from "./outcome";

/** While it seems to be offline, one careful attempt this often: the browser may be wrong. */
export const OFFLINE_PROBE_MS = 30_000;
/** The server keeps keys for 24 hours. Less some for clocks: later, a repeat is a new request. */
export const KEY_LIFETIME_MS = 23 * 3_600_000;

const RANK: Readonly<Record<Priority, number>> = { HIGH: 0, NORMAL: 1, LOW: 2 };

/** The items that may be sent now: the first of each scope, the most urgent before the others. */
export function ready(items: readonly OutboxItem[], now: number): OutboxItem[] {
  return heads(items)
    .filter((item) => item.state === "queued" && item.nextAttemptAt <= now)
    .sort((a, b) => RANK[a.priority] - RANK[b.priority] || a.seq - b.seq);
}

/** When the next item falls due by itself; null when none does. */
export function nextDue(items: readonly OutboxItem[]): number | null {
  const due = heads(items)
    .filter((item) => item.state === "queued")
    .map((item) => item.nextAttemptAt);
  return due.length === 0 ? null : Math.min(...due);
}

/** The first item of each scope that is not over. A refused one is over, an unclear one is not. */
function heads(items: readonly OutboxItem[]): OutboxItem[] {
  const first = new Map<string, OutboxItem>();
  for (const item of [...items].sort((a, b) => a.seq - b.seq)) {
    if (isOpen(item) && !first.has(item.scope)) first.set(item.scope, item);
  }
  return [...first.values()];
}

/** Takes an item for sending, unless that would no longer be a repeat but a new request. */
export function claimed(item: OutboxItem, now: number): OutboxItem {
  if (item.firstSentAt !== null && now - item.firstSentAt > KEY_LIFETIME_MS) {
    return { ...item, state: "unknown", error: localError("KEY_EXPIRED") };
  }
  const firstSentAt = item.firstSentAt ?? now;
  return { ...item, state: "sending", attempt: item.attempt + 1, firstSentAt, lastSentAt: now };
}

/** Found on its way without a tab that sends it: a tab was closed. The same key goes again. */
export function orphaned(item: OutboxItem, now: number): OutboxItem {
  return {
    ...item,
    state: "queued",
    waiting: "turn",
    nextAttemptAt: Math.max(now, item.notBefore),
  };
}

export interface Circumstances {
  readonly now: number;
  /** The browser's opinion, which may be wrong. */
  readonly online: boolean;
  readonly random: () => number;
}

/** After an attempt without a clear answer. */
export function postponed(
  item: OutboxItem,
  outcome: Extract<Outcome, { kind: "retry" }>,
  { now, online, random }: Circumstances,
): OutboxItem {
  const failed = { ...item, state: "queued", error: outcome.error } as const;
  if (!outcome.sent || (!online && outcome.error.status === 0)) {
    const nextAttemptAt = now + OFFLINE_PROBE_MS;
    return { ...failed, waiting: "network", attempt: item.attempt - 1, nextAttemptAt };
  }
  if (item.attempt >= MAX_ATTEMPTS) return { ...failed, state: "unknown" };
  const notBefore = now + (outcome.waitMs ?? 0);
  const nextAttemptAt = Math.max(notBefore, now + backoffMs(item.attempt, random));
  return { ...failed, waiting: "retry", nextAttemptAt, notBefore };
}

/** Nobody is signed in: it waits for a token and loses no attempt. */
export function heldForSignIn(item: OutboxItem): OutboxItem {
  const attempt = item.attempt - 1;
  return {
    ...item,
    state: "queued",
    waiting: "sign-in",
    attempt,
    nextAttemptAt: Number.MAX_SAFE_INTEGER,
  };
}

/** The network, the person or a token came back at `at`: what waits is due. */
export function restarted(item: OutboxItem, at: number, newSpell: boolean): OutboxItem {
  const sentSince = item.lastSentAt !== null && item.lastSentAt > at;
  if (item.state !== "queued" || item.waiting === "turn" || sentSince) return item;
  const attempt = newSpell ? 0 : item.attempt;
  return { ...item, waiting: "turn", attempt, nextAttemptAt: Math.max(at, item.notBefore) };
}

/** The person asks for another round; even for one whose key has expired, knowingly. */
export function retried(item: OutboxItem, now: number): OutboxItem {
  if (item.state !== "unknown") return item;
  const nextAttemptAt = Math.max(now, item.notBefore);
  const again = { ...item, state: "queued", waiting: "turn", attempt: 0, nextAttemptAt } as const;
  return item.error?.code === "KEY_EXPIRED" ? { ...again, firstSentAt: null } : again;
}
