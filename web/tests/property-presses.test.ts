import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { SyncClient } from "@/sync/client";
import type { Fault } from "./support/fake-types";
import { freezeTime, pass, settle } from "./support/time";
import { confirm, World } from "./support/world";

const id = fc.constantFrom("a", "b", "c");

type PressStep =
  | { readonly do: "press"; readonly id: string }
  | { readonly do: "fault"; readonly fault: Fault }
  | { readonly do: "wait" | "close and open" | "offline" | "online" | "second tab" };

const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constantFrom("lost" as const, "answer-lost", "hang", "commit-then-hang") }),
  fc.record({ kind: fc.constant("status" as const), status: fc.constantFrom(408, 429, 500, 503) }),
);

const pressStep: fc.Arbitrary<PressStep> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("press" as const), id }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("fault" as const), fault }) },
  { weight: 3, arbitrary: fc.constant({ do: "wait" } as const) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom("close and open" as const, "offline", "online", "second tab"),
    }),
  },
);

/** A person who presses buttons, closes pages and opens others. */
class Presses {
  readonly world = new World();
  readonly made = new Map<string, string[]>();
  private tabs: SyncClient[] = [];
  private turn = 0;

  async step(step: PressStep): Promise<void> {
    const { world } = this;
    if (step.do === "press") await this.press(step.id);
    if (step.do === "fault") world.server.faults.push(step.fault);
    if (step.do === "wait") await pass(3_000, 1_000, 15);
    if (step.do === "offline") await world.goOffline();
    if (step.do === "online") await world.goOnline();
    if (step.do === "second tab") await this.open();
    if (step.do === "close and open") {
      this.tabs.shift()?.stop();
      await this.open();
    }
  }

  async open(): Promise<void> {
    const tab = this.world.newTab();
    tab.realtime.subscribe("appointments", () => undefined);
    await tab.start();
    this.tabs.push(tab);
    await settle(10);
  }

  /** The network is well again, and the person asks once more for what remained unclear. */
  async settleDown(): Promise<void> {
    this.world.server.faults.length = 0;
    await this.world.goOnline();
    await pass(60_000, 2_000, 15);
    for (const item of this.tabs[0]?.outbox.snapshot.items ?? [])
      await this.tabs[0]?.outbox.retry(item.key);
    await pass(60_000, 2_000, 15);
  }

  left(): unknown {
    return this.tabs.flatMap((tab) => tab.outbox.snapshot.items);
  }

  effects(): Map<string, string[]> {
    const { effects } = this.world.server;
    return new Map(
      [...this.made].map(([row, keys]) => [row, effects.filter((key) => keys.includes(key))]),
    );
  }

  private async press(row: string): Promise<void> {
    const tab = this.tabs[(this.turn += 1) % Math.max(1, this.tabs.length)];
    if (tab === undefined) return;
    const { key } = await tab.outbox.enqueue(confirm(row, { endpoint: "/api/notes" }));
    this.made.set(row, [...(this.made.get(row) ?? []), key]);
  }
}

describe("whatever happens on the way", () => {
  it("every press happens exactly once, and those on one row in their order", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(pressStep, { maxLength: 25, size: "max" }), async (steps) => {
        freezeTime();
        const presses = new Presses();
        await presses.open();
        for (const step of steps) await presses.step(step);
        await presses.settleDown();
        expect(presses.effects()).toEqual(presses.made);
        expect(presses.left()).toEqual([]);
        presses.world.end();
      }),
      { numRuns: 100 },
    );
  });
});
