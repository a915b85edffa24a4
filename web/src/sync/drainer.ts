/** Sends what the outbox holds, as long as this tab is the one to do it. */

import { anySignal } from "./abort";
import { NoAnswerError } from "./errors";
import { faults } from "./faults";
import type { Http } from "./http";
import type { Lock } from "./locks";
import type { Outbox } from "./outbox";
import type { OutboxItem } from "./outbox-item";
import { nextDue, ready } from "./outbox-rules";
import { outcomeOf, outcomeOfSilence, type Outcome } from "./outcome";

/** Items of different rows on their way at one time. */
const PARALLEL = 4;
/** After this long the other tabs have their turn. */
const HOLD_MS = 10_000;
const AFTER_FAULT_MS = 1_000;
const LONGEST_TIMER_MS = 3_600_000;

export interface DrainerDeps {
  readonly outbox: Outbox;
  readonly lock: Lock;
  readonly http: Http;
  readonly now: () => number;
  /** Hears every answer, before the item is settled by it. */
  readonly onAnswer: (body: unknown) => void;
  /** Hears that there was none. */
  readonly onSilence: () => void;
}

export class Drainer {
  private readonly deps: DrainerDeps;
  private readonly closing = new AbortController();
  private readonly flights = new Map<
    string,
    { readonly abort: AbortController; readonly landed: Promise<void> }
  >();
  private running = false;
  private faulty = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private look: () => void = () => undefined;

  constructor(deps: DrainerDeps) {
    this.deps = deps;
    deps.outbox.onWork = () => this.poke();
    deps.outbox.onOvertaken = (key) => this.flights.get(key)?.abort.abort();
  }

  /** Looks whether there is something to send. Cheap, and safe to call at any time. */
  poke(): void {
    this.look();
    if (this.running || this.closing.signal.aborted) return;
    this.running = true;
    void this.run();
  }

  /** Sends nothing more; what is on its way is given up. */
  stop(): void {
    this.closing.abort();
    clearTimeout(this.timer);
    for (const { abort } of this.flights.values()) abort.abort();
  }

  private async run(): Promise<void> {
    try {
      this.faulty = false;
      while (this.hasWork()) {
        await this.deps.lock.hold((lost) => this.drain(lost), this.closing.signal);
      }
    } catch (error) {
      this.faulty = true;
      faults.report(error);
    } finally {
      this.running = false;
      this.schedule();
    }
  }

  /** Whoever sees an item on its way queues for the lock: if that tab dies, the next one is there. */
  private hasWork(): boolean {
    if (this.closing.signal.aborted) return false;
    const { items } = this.deps.outbox.snapshot;
    return items.some((item) => item.state === "sending") || this.due().length > 0;
  }

  private due(): OutboxItem[] {
    const { items } = this.deps.outbox.snapshot;
    const now = this.deps.now();
    // Nobody is signed in for one action, so for none: one of them asks again in its time.
    const held = items.find(({ state, waiting }) => state === "queued" && waiting === "sign-in");
    if (held === undefined) return ready(items, now);
    return held.nextAttemptAt <= now ? [held] : [];
  }

  private schedule(): void {
    clearTimeout(this.timer);
    if (this.closing.signal.aborted) return;
    const { items } = this.deps.outbox.snapshot;
    const held = items.find(({ state, waiting }) => state === "queued" && waiting === "sign-in");
    const due = held?.nextAttemptAt ?? nextDue(items);
    if (due === null && !this.faulty) return;
    const wait = Math.max(this.faulty ? AFTER_FAULT_MS : 0, (due ?? 0) - this.deps.now());
    this.timer = setTimeout(() => this.poke(), Math.min(wait, LONGEST_TIMER_MS));
  }

  private async drain(lost: AbortSignal): Promise<void> {
    await this.deps.outbox.refresh();
    await this.deps.outbox.recover();
    const until = this.deps.now() + HOLD_MS;
    const problems: unknown[] = [];
    for (;;) {
      const looked = new Promise<void>((resolve) => (this.look = resolve));
      const over = lost.aborted || problems.length > 0 || this.deps.now() >= until;
      if (!over) this.takeOff(lost, (problem) => problems.push(problem));
      if (this.flights.size === 0) break;
      await Promise.race([looked, ...[...this.flights.values()].map(({ landed }) => landed)]);
    }
    if (problems.length > 0) throw problems[0];
  }

  private takeOff(lost: AbortSignal, onProblem: (problem: unknown) => void): void {
    const free = this.due().filter(({ key }) => !this.flights.has(key));
    for (const { key } of free.slice(0, PARALLEL - this.flights.size)) {
      const abort = new AbortController();
      const signal = anySignal([abort.signal, lost, this.closing.signal]);
      const landed = this.deliver(key, signal)
        .catch(onProblem)
        .finally(() => this.flights.delete(key));
      this.flights.set(key, { abort, landed });
    }
  }

  private async deliver(key: string, signal: AbortSignal): Promise<void> {
    const { outbox, onAnswer, onSilence } = this.deps;
    const item = await outbox.claim(key);
    if (item === null) return;
    const outcome = await this.send(item, signal);
    if ("body" in outcome) onAnswer(outcome.body);
    if (outcome.kind === "retry" && outcome.error.status === 0) onSilence();
    await outbox.conclude(item, outcome);
    if (item.waiting === "sign-in" && outcome.kind !== "signed-out") await outbox.restart(false);
  }

  private async send(item: OutboxItem, signal: AbortSignal): Promise<Outcome> {
    const { endpoint, method, body, key, firstSentAt, lastSentAt } = item;
    try {
      const headers = {
        "X-Idempotency-Key": key,
        "X-Attempt": firstSentAt === lastSentAt ? "1" : "2",
      };
      return outcomeOf(
        await this.deps.http.request(endpoint, { method, body, headers, signal }),
        this.deps.now(),
      );
    } catch (error) {
      if (error instanceof NoAnswerError) return outcomeOfSilence(error);
      throw error;
    }
  }
}
