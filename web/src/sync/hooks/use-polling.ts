import { useEffect, useRef } from "react";

import { useConnection } from "./use-connection";

export interface PollingConfig {
  readonly intervalMs?: number;
  /** `socket-down`: only while the live connection is missing. */
  readonly when?: "socket-down" | "always";
}

const EVERY_MS = 20_000;

/**
 * Calls `poll` every 20 seconds while the page is looked at, and at once when it is looked at
 * again. By default it is the fallback for the time in which the socket is down.
 */
export function usePolling(poll: () => void, config: PollingConfig = {}): void {
  const { intervalMs = EVERY_MS, when = "socket-down" } = config;
  const connection = useConnection();
  const active = when === "always" || connection !== "live";
  const latest = useRef(poll);
  useEffect(() => {
    latest.current = poll;
  });
  useEffect(
    () => (active ? pollWhileVisible(intervalMs, () => latest.current()) : undefined),
    [active, intervalMs],
  );
}

function pollWhileVisible(intervalMs: number, poll: () => void): () => void {
  let timer: ReturnType<typeof setInterval> | undefined;
  const follow = (): void => {
    clearInterval(timer);
    if (document.visibilityState === "visible") timer = setInterval(poll, intervalMs);
  };
  const looked = (): void => {
    follow();
    if (document.visibilityState === "visible") poll();
  };
  follow();
  document.addEventListener("visibilitychange", looked);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", looked);
  };
}
