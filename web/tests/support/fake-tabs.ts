/** What the tabs of one browser share: channels and locks. */

import type { Channel } from "@/sync/tabs";

class FakeChannel implements Channel {
  onmessage: ((event: MessageEvent) => void) | null = null;
  private readonly peers: Set<FakeChannel>;

  constructor(peers: Set<FakeChannel>) {
    this.peers = peers;
    peers.add(this);
  }

  postMessage(message: unknown): void {
    for (const peer of this.peers) {
      if (peer === this) continue;
      const data: unknown = structuredClone(message);
      setImmediate(() => peer.onmessage?.({ data } as MessageEvent));
    }
  }

  close(): void {
    this.peers.delete(this);
  }
}

/** A BroadcastChannel for every name. */
export function fakeChannels(): (name: string) => Channel {
  const names = new Map<string, Set<FakeChannel>>();
  return (name) => {
    const peers = names.get(name) ?? new Set<FakeChannel>();
    names.set(name, peers);
    return new FakeChannel(peers);
  };
}

interface Holder {
  readonly lose: (reason: Error) => void;
}

const abortError = (): Error => Object.assign(new Error("aborted"), { name: "AbortError" });

/** Web Locks as browsers have them: fair, one holder, and a way to steal. */
export class FakeLocks {
  held: Holder | null = null;
  readonly granted: string[] = [];
  private readonly queue: (() => void)[] = [];

  get waiting(): number {
    return this.queue.length;
  }

  request = async (
    name: string,
    options: LockOptions,
    work: () => Promise<void>,
  ): Promise<void> => {
    if (options.steal === true) this.held?.lose(abortError());
    else await this.turn(options.signal);
    this.granted.push(name);
    const taken = new Promise<never>((_, reject) => {
      this.held = { lose: reject };
    });
    const mine = this.held;
    try {
      await Promise.race([work(), taken]);
    } finally {
      if (this.held === mine) {
        this.held = null;
        this.queue.shift()?.();
      }
    }
  };

  /** This browser's locks, as the library takes them. */
  get manager(): LockManager {
    return this as unknown as LockManager;
  }

  private async turn(signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted === true) throw abortError();
    if (this.held === null && this.queue.length === 0) return;
    await new Promise<void>((resolve, reject) => {
      this.queue.push(resolve);
      signal?.addEventListener("abort", () => {
        const place = this.queue.indexOf(resolve);
        if (place >= 0) this.queue.splice(place, 1);
        reject(abortError());
      });
    });
  }
}
