/** What the library uses of the browser. Tests replace it, part by part. */

import { Emitter } from "./emitter";
import type { SocketLike } from "./socket";
import type { Channel } from "./tabs";

/** online: the network is said to be back · wake: the page is looked at again. */
export type Signal = "online" | "offline" | "wake";

export interface Signals {
  /** The browser's opinion of the network, which may be wrong. */
  readonly isOnline: () => boolean;
  readonly on: (listener: (signal: Signal) => void) => () => void;
}

export interface Browser {
  readonly fetch: typeof fetch;
  /** Null: nothing can be stored. */
  readonly indexedDB: IDBFactory | null;
  /** Null: this browser has no Web Locks. */
  readonly locks: LockManager | null;
  readonly channel: (name: string) => Channel | null;
  readonly webSocket: (url: string) => SocketLike;
  readonly signals: Signals;
  readonly random: () => number;
  /** Over how long the first return of a lost socket is spread; half a minute unless given. */
  readonly spreadMs?: number;
  readonly uuid: () => string;
  readonly now: () => number;
}

/** The browser this page runs in. */
export function thisBrowser(): Browser {
  return {
    fetch: (...request) => fetch(...request),
    indexedDB: orNull(() => indexedDB),
    locks: orNull(() => navigator.locks),
    channel: (name) => ("BroadcastChannel" in globalThis ? new BroadcastChannel(name) : null),
    webSocket: (url) => new WebSocket(url) as SocketLike,
    signals: pageSignals(),
    random: Math.random,
    uuid,
    now: Date.now,
  };
}

/** What a browser lacks, or with site data blocked refuses even to be looked at, is null. */
function orNull<T>(read: () => T | undefined): T | null {
  try {
    // Older browsers lack what the compiler takes for granted.
    return read() ?? null;
  } catch {
    return null;
  }
}

function pageSignals(): Signals {
  return {
    isOnline: () => navigator.onLine,
    on: (listener) => {
      const signals = new Emitter<Signal>();
      const stopped = new AbortController();
      const { signal } = stopped;
      signals.on(listener);
      addEventListener("online", () => signals.emit("online"), { signal });
      addEventListener("offline", () => signals.emit("offline"), { signal });
      // Back from the browser's page cache, where sockets and timers were dead.
      addEventListener("pageshow", (event) => event.persisted && signals.emit("wake"), { signal });
      const looked = (): void => {
        if (document.visibilityState === "visible") signals.emit("wake");
      };
      document.addEventListener("visibilitychange", looked, { signal });
      return () => stopped.abort();
    },
  };
}

/** A random UUID, also on pages that are not served securely, where `randomUUID` is missing. */
function uuid(): string {
  if ("randomUUID" in crypto) return crypto.randomUUID();
  const url = URL.createObjectURL(new Blob());
  URL.revokeObjectURL(url);
  return url.slice(-36);
}
