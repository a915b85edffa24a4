/** One WebSocket that is opened again whenever it is lost. Knows nothing of tables. */

import { backoffMs } from "./backoff";
import { Emitter } from "./emitter";
import { Heartbeat } from "./heartbeat";
import { parseFrame, type ServerMessage } from "./protocol";

/** waiting: for the next attempt · offline: the same, and the browser says there is no network. */
export type SocketState = "connecting" | "open" | "waiting" | "offline" | "closed";

/** A socket that lived shorter than this was no success: the waits go on growing. */
export const MIN_UPTIME_MS = 5_000;
const OPEN_WITHIN_MS = 10_000;
const OFFLINE_PROBE_MS = 30_000;
/** All clients may lose their sockets at once: the first return is spread over this time. */
export const SPREAD_MS = 30_000;
/** The gateway ends a connection after two hours: it is renewed before, not by all at once. */
const RENEWED_AFTER_MS = [100 * 60_000, 118 * 60_000] as const;

/** The part of WebSocket that is used. */
export interface SocketLike {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
  onerror: (() => void) | null;
  send(data: string): void;
  close(): void;
}

export interface SocketDeps {
  /** An address with a new single-use ticket, or null when the person has to sign in. */
  readonly address: () => Promise<string | null>;
  readonly open: (url: string) => SocketLike;
  readonly random: () => number;
  /** The browser's opinion, which may be wrong. */
  readonly isOnline: () => boolean;
  /** SPREAD_MS unless given. */
  readonly spreadMs?: number | undefined;
}

export class Socket {
  readonly messages = new Emitter<ServerMessage>();
  readonly states = new Emitter<SocketState>();
  state: SocketState = "closed";
  private readonly deps: SocketDeps;
  private readonly heartbeat: Heartbeat;
  /** Grows with every attempt and every loss: who waited for an older one is too late. */
  private generation = 0;
  private failures = 0;
  private openedAt: number | null = null;
  private current: SocketLike | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private started = false;

  constructor(deps: SocketDeps) {
    this.deps = deps;
    this.heartbeat = new Heartbeat({
      ping: () => this.send({ action: "ping" }),
      onDead: () => this.lost(),
    });
  }

  start(): void {
    this.started = true;
    void this.connect();
  }

  /** Closes for good. */
  stop(): void {
    this.started = false;
    this.abandon();
    this.enter("closed");
  }

  /** The network, the tab or a token came back: connects at once, or makes sure it still is connected. */
  wake(): void {
    if (!this.started) return;
    if (this.state === "open") this.heartbeat.check();
    else if (this.state !== "connecting") void this.connect();
  }

  /** Sends a message; it is dropped while the socket is not open. */
  send(message: object): void {
    if (this.state === "open") this.current?.send(JSON.stringify(message));
  }

  /** Gives up a connection that is of no use, and counts it as a failure. */
  drop(): void {
    this.openedAt = null;
    if (this.started) this.lost();
  }

  private async connect(): Promise<void> {
    this.abandon();
    const mine = ++this.generation;
    this.enter("connecting");
    try {
      const url = await this.deps.address();
      if (mine !== this.generation) return;
      // Without a token there is no use in trying: wake() starts again when there is one.
      if (url === null) this.enter("closed");
      else this.attach(this.deps.open(url), mine);
    } catch {
      if (mine === this.generation) this.lost();
    }
  }

  private attach(socket: SocketLike, mine: number): void {
    this.current = socket;
    this.timer = setTimeout(() => this.lost(), OPEN_WITHIN_MS);
    const ifCurrent = (act: () => void) => () => {
      if (mine === this.generation) act();
    };
    socket.onopen = ifCurrent(() => this.opened());
    socket.onclose = ifCurrent(() => this.lost());
    socket.onerror = null;
    socket.onmessage = ({ data }) => ifCurrent(() => this.receive(data))();
  }

  private opened(): void {
    clearTimeout(this.timer);
    this.openedAt = Date.now();
    this.heartbeat.start();
    const [soonest, latest] = RENEWED_AFTER_MS;
    const life = soonest + this.deps.random() * (latest - soonest);
    this.timer = setTimeout(() => void this.connect(), life);
    this.enter("open");
  }

  private receive(data: unknown): void {
    this.heartbeat.alive();
    parseFrame(data).forEach((message) => this.messages.emit(message));
  }

  private lost(): void {
    const stable = this.openedAt !== null && Date.now() - this.openedAt >= MIN_UPTIME_MS;
    this.failures = stable ? 1 : this.failures + 1;
    this.abandon();
    const online = this.deps.isOnline();
    const spread = this.deps.random() * (this.deps.spreadMs ?? SPREAD_MS);
    const again = stable ? spread : backoffMs(this.failures, this.deps.random);
    this.timer = setTimeout(() => void this.connect(), online ? again : OFFLINE_PROBE_MS);
    this.enter(online ? "waiting" : "offline");
  }

  /** Leaves the present socket, ticket and timer behind; nothing they say counts any more. */
  private abandon(): void {
    this.generation += 1;
    clearTimeout(this.timer);
    this.heartbeat.stop();
    this.openedAt = null;
    this.current?.close();
    this.current = null;
  }

  private enter(state: SocketState): void {
    if (this.state === state) return;
    this.state = state;
    this.states.emit(state);
  }
}
