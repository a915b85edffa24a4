/** The moves of an outbox item. Pure: (item, what happened, now) → item as it is afterwards. */

import { backoffMs, MAX_ATTEMPTS } from "./backoff";
import { localError } from "./errors";
import { isOpen, type OutboxItem, type Priority } from "./outbox-item";
import type { Outcome } from "./outcome";

/** While it seems to be offline, one careful attempt this often: the browser may be wrong. */
export const OFFLINE_PROBE_MS = 30_000;
/** While nobody is signed in, a token is asked for this often: the person may have signed in elsewhere. */
export const SIGN_IN_PROBE_MS = 60_000;
/** The server keeps keys for a day at least. Less some for clocks: later, a repeat may be a new request. */
export const KEY_LIFETIME_MS = 23 * 3_600_000;

const RANK: Readonly<Record<Priority, number>> = { HIGH: 0, NORMAL: 1, LOW: 2 };

/** With a network but no socket: the server restarts, or something is in the way. Half a minute at most. */
export const SERVER_PROBE_MS = { least: 5_000, more: 10_000 } as const;

/** The items that may be sent now: the first of all their scopes, the most urgent before the others. */
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

/** The items before which none is open in any of their scopes. A refused one is over, an unclear one is not. */
function heads(items: readonly OutboxItem[]): OutboxItem[] {
  const taken = new Set<string>();
  return [...items]
    .sort((a, b) => a.seq - b.seq)
    .filter((item) => {
      if (!isOpen(item)) return false;
      const isFirst = item.scopes.every((scope) => !taken.has(scope));
      item.scopes.forEach((scope) => taken.add(scope));
      return isFirst;
    });
}

/** Takes an item for sending, unless that would no longer be a repeat but a new request. */
export function claimed(item: OutboxItem, now: number): OutboxItem {
  if (isTooOld(item, now)) {
    return { ...item, state: "unknown", error: localError("KEY_EXPIRED") };
  }
  const firstSentAt = item.firstSentAt ?? now;
  return { ...item, state: "sending", attempt: item.attempt + 1, firstSentAt, lastSentAt: now };
}

function isTooOld({ firstSentAt }: OutboxItem, now: number): boolean {
  return firstSentAt !== null && now - firstSentAt > KEY_LIFETIME_MS;
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
  /** The socket is open: the server is there. */
  readonly connected: boolean;
  readonly random: () => number;
}

/** After an attempt without a clear answer. */
export function postponed(
  item: OutboxItem,
  outcome: Extract<Outcome, { kind: "retry" }>,
  { now, online, connected, random }: Circumstances,
): OutboxItem {
  const failed = { ...item, state: "queued", error: outcome.error } as const;
  const isCutOff = outcome.error.code === "NETWORK" && !(online && connected);
  if (!outcome.sent || isCutOff) {
    const { least, more } = SERVER_PROBE_MS;
    const nextAttemptAt =
      now + (online && outcome.sent ? least + random() * more : OFFLINE_PROBE_MS);
    return { ...failed, waiting: "network", attempt: item.attempt - 1, nextAttemptAt };
  }
  if (item.attempt >= MAX_ATTEMPTS) return { ...failed, state: "unknown" };
  const notBefore = now + (outcome.waitMs ?? 0);
  const nextAttemptAt = Math.max(notBefore, now + backoffMs(item.attempt, random));
  return { ...failed, waiting: "retry", nextAttemptAt, notBefore };
}

/** Nobody is signed in: it waits for a token and loses no attempt. Asked for by itself now and then, too. */
export function heldForSignIn(item: OutboxItem, now: number): OutboxItem {
  const attempt = item.attempt - 1;
  return {
    ...item,
    state: "queued",
    waiting: "sign-in",
    attempt,
    nextAttemptAt: now + SIGN_IN_PROBE_MS,
  };
}

/** The network, the person or a token came back at `at`: what waits is due, and what is unclear is settled. */
export function restarted(item: OutboxItem, at: number, newSpell: boolean): OutboxItem {
  if (newSpell && item.state === "unknown" && !isTooOld(item, at)) return retried(item, at);
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
