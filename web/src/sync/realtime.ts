/** Live changes of tables: the socket, the catch-up behind it, and who listens. */

import type { CatchUp } from "./catch-up";
import { Emitter, TopicEmitter } from "./emitter";
import type { ChangeEvent, Row, ServerMessage } from "./protocol";
import { rowTopic, type RowStore } from "./row-store";
import type { Socket, SocketState } from "./socket";

/** live: subscribed, and everything missed is caught up. */
export type ConnectionState = "connecting" | "live" | "waiting" | "offline" | "closed";

/** `replay`: what had happened before this page was up to date for the first time. */
export type ChangeSource = "socket" | "catch-up" | "replay" | "tab";

/** A change as listeners get it: news by version, with the row as it was known before. */
export interface RowChange extends ChangeEvent {
  readonly source: ChangeSource;
  readonly previous: Row | null;
  /** The row as it is now, as `record`. */
  readonly new: Row | null;
}

export interface Subscription {
  readonly table: string;
  readonly listeners: number;
  /** The server has confirmed it on the present connection. */
  readonly active: boolean;
}

/** `waitForChange` saw no change in time. */
export class ChangeTimeoutError extends Error {
  override readonly name = "ChangeTimeoutError";
}

const SUBSCRIBED_WITHIN_MS = 10_000;

/**
 * After this long the server tells a new subscription of every change. It finds the sockets of an
 * org by an index that lags behind by about a second: what commits before it has caught up reaches
 * no new socket, and a catch-up of that moment may be too early for it.
 */
export const SETTLED_AFTER_MS = 5_000;

export interface RealtimeDeps {
  readonly socket: Socket;
  readonly rows: RowStore;
  /** Hears every change that arrives, news or not. */
  readonly onChange: (change: ChangeEvent, source: ChangeSource) => void;
}

export class RealtimeSyncService {
  readonly states = new Emitter<ConnectionState>();
  /** Changes were missed for good: read the lists again. */
  readonly resyncs = new Emitter<undefined>();
  /** Changes that were news, by row. */
  readonly rowChanges = new TopicEmitter<RowChange>();
  /** All changes that a press has caused, by its key. */
  readonly keyed = new TopicEmitter<ChangeEvent>();
  state: ConnectionState = "closed";
  /** When the screen was last known to be up to date. */
  syncedAt: number | null = null;
  private readonly deps: RealtimeDeps;
  private readonly tables = new Map<string, Emitter<RowChange>>();
  private readonly latest = new Map<string, RowChange>();
  private readonly active = new Set<string>();
  private catchUp: CatchUp | null = null;
  private caughtUp = false;
  private awaited = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private settling: ReturnType<typeof setTimeout> | undefined;

  constructor(deps: RealtimeDeps) {
    this.deps = deps;
    deps.socket.states.on((state) => this.moved(state));
    deps.socket.messages.on((message) => this.hear(message));
  }

  /** Listens to a table. It stays subscribed until sign-out: its rows stay true for the next page. */
  subscribe(table: string, listener: (change: RowChange) => void): () => void {
    const known = this.tables.get(table);
    const listeners = known ?? new Emitter<RowChange>();
    const remove = listeners.on(listener);
    if (known === undefined) {
      this.tables.set(table, listeners);
      this.catchUp?.add(table);
      this.ask([table]);
    }
    return remove;
  }

  /** The last change of a table that was news to this page. */
  getLatest(table: string): RowChange | null {
    return this.latest.get(table) ?? null;
  }

  /**
   * The next change of a table that `matches`.
   *
   * @throws ChangeTimeoutError when none comes within `timeoutMs`.
   */
  waitForChange(
    table: string,
    timeoutMs: number,
    matches: (change: RowChange) => boolean = () => true,
  ): Promise<RowChange> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        remove();
        reject(new ChangeTimeoutError(table));
      }, timeoutMs);
      const remove = this.subscribe(table, (change) => {
        if (!matches(change)) return;
        clearTimeout(timer);
        remove();
        resolve(change);
      });
    });
  }

  /** Listens to one row of a table. */
  subscribeRow(table: string, id: string, listener: (change: RowChange) => void): () => void {
    this.subscribe(table, () => undefined)();
    return this.rowChanges.on(rowTopic(table, id), listener);
  }

  /** The server holds the other end of an open socket. */
  get isConnected(): boolean {
    return this.deps.socket.state === "open";
  }

  getSubscriptions(): Subscription[] {
    return [...this.tables].map(([table, { size }]) => ({
      table,
      listeners: size,
      active: this.active.has(table),
    }));
  }

  /** Starts with the cursor of an earlier page, if there is one. */
  start(catchUp: CatchUp): void {
    this.catchUp = catchUp;
    for (const table of this.tables.keys()) catchUp.add(table);
    this.deps.socket.start();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.catchUp?.stop();
    this.deps.socket.stop();
  }

  wake(): void {
    this.deps.socket.wake();
  }

  /** Fetches what was missed without waiting for the socket. */
  refresh(): void {
    this.catchUp?.request();
  }

  /** Takes in a change from anywhere. Only what is news reaches the listeners. */
  receive(change: ChangeEvent, from: "socket" | "catch-up" | "tab"): void {
    const source = from === "catch-up" && !this.caughtUp ? "replay" : from;
    this.deps.onChange(change, source);
    if (change.idempotency_key !== null) this.keyed.emit(change.idempotency_key, change);
    const { fresh, previous } = this.deps.rows.apply(change);
    if (!fresh) return;
    const news: RowChange = { ...change, source, previous, new: change.record };
    this.latest.set(change.table, news);
    this.tables.get(change.table)?.emit(news);
    this.rowChanges.emit(rowTopic(change.table, change.id), news);
  }

  /** Everything missed until request `ticket` is in. */
  completed(ticket: number): void {
    this.syncedAt = Date.now();
    if (this.deps.socket.state !== "open" || ticket < this.awaited || !this.isComplete()) return;
    this.caughtUp = true;
    this.enter("live");
  }

  private ask(tables: readonly string[]): void {
    if (tables.length === 0 || this.deps.socket.state !== "open") return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.deps.socket.drop(), SUBSCRIBED_WITHIN_MS);
    this.deps.socket.send({ action: "subscribe", tables, packed: true });
  }

  private moved(state: SocketState): void {
    this.active.clear();
    clearTimeout(this.timer);
    clearTimeout(this.settling);
    if (state !== "open") {
      this.enter(state);
      return;
    }
    this.enter("connecting");
    // Nothing of an earlier connection makes this one live.
    this.awaited = Number.POSITIVE_INFINITY;
    this.ask([...this.tables.keys()]);
    if (this.tables.size === 0) this.askForMissed();
  }

  private hear(message: ServerMessage): void {
    switch (message.type) {
      case "CHANGE":
        this.syncedAt = Date.now();
        this.receive(message.change, "socket");
        break;
      case "SUBSCRIBED":
        message.tables.forEach((table) => this.active.add(table));
        if (this.isComplete()) clearTimeout(this.timer);
        // Subscribed first, then caught up: nothing falls between.
        this.askForMissed();
        this.askOnceSettled();
        break;
      case "UNSUBSCRIBED":
        message.tables.forEach((table) => this.active.delete(table));
        break;
      case "TRUNCATED":
      case "PONG":
        // A pong, too: heals a message that was lost on an open socket.
        this.refresh();
        break;
      case "ERROR":
        // A subscription that was refused is not confirmed in time: another connection is tried.
        break;
    }
  }

  private isComplete(): boolean {
    return [...this.tables.keys()].every((table) => this.active.has(table));
  }

  private askForMissed(): void {
    if (this.catchUp !== null) this.awaited = this.catchUp.request();
  }

  /** Once for all subscriptions that are confirmed within a few seconds: the last one counts. */
  private askOnceSettled(): void {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.refresh(), SETTLED_AFTER_MS);
  }

  private enter(state: ConnectionState): void {
    if (this.state === state) return;
    this.state = state;
    this.states.emit(state);
  }
}
