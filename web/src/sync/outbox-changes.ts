/** What becomes of a stored item when an attempt ends. Pure. */

import { rebased } from "./edits";
import { localError } from "./errors";
import { isOpen, isSameAction, type OutboxItem, type Settlement } from "./outbox-item";
import { heldForSignIn, postponed, type Circumstances } from "./outbox-rules";
import type { Admission, Change } from "./outbox-store";
import type { Outcome } from "./outcome";

/** How an item goes on after an attempt, and how it ended if that was its end. */
export interface Conclusion {
  readonly decide: (item: OutboxItem) => Change;
  readonly ending: Settlement | null;
}

/** What comes of an attempt with `item`, by its outcome; null when nothing does. */
export function conclusionOf(
  item: OutboxItem,
  outcome: Outcome,
  circumstances: Circumstances,
): Conclusion | null {
  const mine = (next: (item: OutboxItem) => OutboxItem) => (now: OutboxItem) =>
    now.state === "sending" && now.attempt === item.attempt ? next(now) : "keep";
  switch (outcome.kind) {
    case "done": {
      const { body, replayed, kept } = outcome;
      return {
        decide: ifOpen("delete"),
        ending: { status: "done", via: "answer", body, replayed, kept },
      };
    }
    case "partial": {
      const { body, error } = outcome;
      return { decide: ifOpen("delete"), ending: { status: "partial", body, error } };
    }
    case "refused": {
      const { error } = outcome;
      return {
        decide: (now) =>
          isOpen(now) ? (rebased(now, error) ?? { ...now, state: "rejected", error }) : "keep",
        ending: null,
      };
    }
    case "retry":
      return { decide: mine((now) => postponed(now, outcome, circumstances)), ending: null };
    case "signed-out":
      return { decide: mine((now) => heldForSignIn(now, circumstances.now)), ending: null };
    case "aborted":
      return null;
  }
}

/** Only while it is not settled yet. */
export function ifOpen(change: Change): (item: OutboxItem) => Change {
  return (item) => (isOpen(item) ? change : "keep");
}

/** How an item that stays has ended, if it has. */
export function endingOf(item: OutboxItem): Settlement | null {
  const error = item.error ?? localError("NETWORK");
  if (item.state === "rejected") return { status: "rejected", error };
  return item.state === "unknown" ? { status: "unknown", error } : null;
}

/** Lets a press in unless the very same one is open: two tabs at one moment are one press. */
export function unlessOpen(request: Pick<OutboxItem, "endpoint" | "scopes" | "body">): Admission {
  const body = JSON.stringify(request.body);
  return (present) =>
    present.find(
      (item) => isOpen(item) && isSameAction(item, request) && JSON.stringify(item.body) === body,
    ) ?? null;
}

/** Lets every press in. */
export const always: Admission = () => null;
