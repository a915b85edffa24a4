import { useMemo, useSyncExternalStore } from "react";

import { progressionOf, type Progression } from "../mutation-state";
import type { OutboxItem } from "../outbox-item";
import { keyTopic, scopeTopic, type OutboxMirror } from "../outbox-mirror";
import { useSyncClient } from "./sync-context";

/** What the outbox knows of a press. Renders again only when something about it has changed. */
export function useProgression(
  key: string | null,
  action: Pick<OutboxItem, "endpoint" | "scopes">,
): Progression {
  const { mirror } = useSyncClient().outbox;
  const scopes = action.scopes.join("\n");
  const { endpoint } = action;
  const source = useMemo(
    () => sourceOf(mirror, key, { endpoint, scopes: scopes === "" ? [] : scopes.split("\n") }),
    [mirror, key, endpoint, scopes],
  );
  return useSyncExternalStore(source.subscribe, source.read);
}

function sourceOf(
  mirror: OutboxMirror,
  key: string | null,
  action: Pick<OutboxItem, "endpoint" | "scopes">,
) {
  let last: Progression | null = null;
  return {
    read: (): Progression => {
      const now = progressionOf(mirror, key, action);
      if (last === null || !isSame(last, now)) last = now;
      return last;
    },
    subscribe: (listener: () => void): (() => void) => {
      const topics = [...action.scopes.map(scopeTopic), ...(key === null ? [] : [keyTopic(key)])];
      const removals = topics.map((topic) => mirror.topics.on(topic, listener));
      return () => removals.forEach((remove) => remove());
    },
  };
}

function isSame(a: Progression, b: Progression): boolean {
  return (
    a.item === b.item &&
    a.settlement === b.settlement &&
    a.isHeldUp === b.isHeldUp &&
    a.open === b.open
  );
}
