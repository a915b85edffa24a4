/** One button press on its way: what the outbox keeps. */

import type { SyncError } from "./errors";
import type { ChangeEvent, Row } from "./protocol";

export type Priority = "HIGH" | "NORMAL" | "LOW";

/**
 * queued: stored, not on its way · sending: a tab has it on its way · done: it happened ·
 * rejected: refused, it will not happen · unknown: no answer after all attempts.
 */
export type OutboxState = "queued" | "sending" | "done" | "rejected" | "unknown";

/** Why a queued item is not sent right now. */
export type Waiting = "turn" | "retry" | "network" | "sign-in";

/** What a row is expected to look like once the action is done. */
export interface OptimisticPatch {
  readonly table: string;
  readonly id: string;
  readonly fields: Row;
}

/** A button press, as the button describes it. */
export interface OutboxRequest {
  readonly endpoint: string;
  readonly method: "POST" | "PUT" | "PATCH" | "DELETE";
  readonly body: unknown;
  /**
   * What it acts upon, such as `appointments/<id>`: items that share a scope go one after another.
   * None: it waits for nothing and nothing waits for it.
   */
  readonly scopes: readonly string[];
  readonly priority: Priority;
  /** The table whose change proves that it happened: any when null, none when "". */
  readonly eventTable: string | null;
  readonly optimistic: readonly OptimisticPatch[];
  /**
   * What the person saw of the fields they change, where the body carries an `expectedVersion`. A row
   * that somebody changed elsewhere is written all the same; the same field changed is a conflict.
   */
  readonly base?: Row | undefined;
}

/**
 * What becomes of a press while another one of the same kind is on its way.
 * one: it is the same press · queue: it follows · latest: it takes the place of those not yet sent.
 */
export type Concurrency = "one" | "queue" | "latest";

/** Which release wrote an item: another one may read it. */
export const ITEM_FORMAT = 2;

export interface NewItem extends OutboxRequest {
  readonly format: typeof ITEM_FORMAT;
  /** The idempotency key. */
  readonly key: string;
  /** Org and user: nobody else ever sends it. */
  readonly owner: string;
  readonly state: OutboxState;
  readonly waiting: Waiting;
  /** Attempts made in this online spell. */
  readonly attempt: number;
  readonly createdAt: number;
  readonly firstSentAt: number | null;
  readonly lastSentAt: number | null;
  readonly nextAttemptAt: number;
  /** The server asked not to be asked before. */
  readonly notBefore: number;
  readonly error: SyncError | null;
  /** Kept by this page alone, because the browser could not store it. */
  readonly fleeting: boolean;
}

export interface OutboxItem extends NewItem {
  /** The order of the presses, over all tabs. */
  readonly seq: number;
  /** Grows with every change: tabs hear of changes in any order. */
  readonly rev: number;
}

/** How an item ended, and what told so first. */
export type Settlement =
  | {
      readonly status: "done";
      readonly via: "answer";
      readonly body: unknown;
      readonly replayed: boolean;
      /** The server has stored it and does the rest later, by itself. */
      readonly kept: boolean;
    }
  | { readonly status: "done"; readonly via: "event"; readonly change: ChangeEvent }
  /** Another tab saw it end and the details did not reach this one. */
  | { readonly status: "done"; readonly via: "tab" }
  /** Done for some of the rows it was for. `error.body` names the others. */
  | { readonly status: "partial"; readonly body: unknown; readonly error: SyncError }
  | { readonly status: "rejected"; readonly error: SyncError }
  | { readonly status: "unknown"; readonly error: SyncError }
  /** Taken back by the person before it was sent. */
  | { readonly status: "discarded" };

/** Its outcome is not settled: it may still happen. */
export function isOpen(item: OutboxItem): boolean {
  return isOutstanding(item) || item.state === "unknown";
}

/** Still to come out one way or the other without anybody's help. */
export function isOutstanding(item: OutboxItem): boolean {
  return item.state === "queued" || item.state === "sending";
}

export function newItem(request: OutboxRequest, key: string, owner: string, now: number): NewItem {
  return {
    ...request,
    format: ITEM_FORMAT,
    key,
    owner,
    state: "queued",
    waiting: "turn",
    attempt: 0,
    createdAt: now,
    firstSentAt: null,
    lastSentAt: null,
    nextAttemptAt: now,
    notBefore: 0,
    error: null,
    fleeting: false,
  };
}

/** The same button, pressed for the same thing. */
export function isSameAction(
  a: Pick<OutboxItem, "endpoint" | "scopes">,
  b: Pick<OutboxItem, "endpoint" | "scopes">,
): boolean {
  return a.endpoint === b.endpoint && a.scopes.join("\n") === b.scopes.join("\n");
}
