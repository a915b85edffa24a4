/** Finds out whether a socket that looks open still is. */

const EVERY_MS = 4 * 60_000;
const PONG_WITHIN_MS = 10_000;

export interface HeartbeatDeps {
  readonly ping: () => void;
  readonly onDead: () => void;
}

export class Heartbeat {
  private readonly deps: HeartbeatDeps;
  private timer: ReturnType<typeof setInterval> | undefined;
  private deadline: ReturnType<typeof setTimeout> | undefined;

  constructor(deps: HeartbeatDeps) {
    this.deps = deps;
  }

  start(): void {
    this.stop();
    this.timer = setInterval(() => this.check(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.alive();
  }

  /** Asks now; without any message within ten seconds the socket counts as dead. */
  check(): void {
    if (this.deadline !== undefined) return;
    this.deadline = setTimeout(this.deps.onDead, PONG_WITHIN_MS);
    this.deps.ping();
  }

  /** A message has come. */
  alive(): void {
    clearTimeout(this.deadline);
    this.deadline = undefined;
  }
}
