import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { SyncClient } from "@/sync/client";
import type { ChangeEvent, Row } from "@/sync/protocol";
import type { Fault } from "./support/fake-server";
import { freezeTime, pass, settle } from "./support/time";
import { confirm, World } from "./support/world";

const TABLES = ["appointments", "leads"];
const table = fc.constantFrom(...TABLES);
const id = fc.constantFrom("a", "b", "c");
const nth = fc.nat({ max: 9 });

type RowStep =
  | { readonly do: "write" | "delete"; readonly table: string; readonly id: string }
  | { readonly do: "deliver" | "duplicate" | "lose"; readonly nth: number }
  | { readonly do: "read" | "read arrives"; readonly table: string }
  | { readonly do: "disconnect" | "wait" | "gap" };

const rowStep: fc.Arbitrary<RowStep> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("write" as const), table, id }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("delete" as const), table, id }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom("deliver" as const, "duplicate", "lose"), nth }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom("read" as const, "read arrives"), table }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom("disconnect" as const, "disconnect", "wait", "gap", "gap"),
    }),
  },
);

/** A page that shows both tables, and a network that delivers as it likes. */
class Chaos {
  readonly world = new World();
  private readonly pushes: ChangeEvent[] = [];
  private readonly reads: { table: string; rows: Row[]; generation: number }[] = [];
  private count = 0;
  private readonly tab: SyncClient;

  constructor() {
    this.world.server.autoPush = false;
    this.world.server.pageSize = 3;
    this.tab = this.world.newTab();
  }

  async start(): Promise<void> {
    for (const each of TABLES) this.tab.realtime.subscribe(each, () => undefined);
    // What a page does with it: reads its lists again.
    this.tab.realtime.resyncs.on(() => TABLES.forEach((each) => this.readNow(each)));
    TABLES.forEach((each) => this.read(each));
    await this.tab.start();
    await settle(10);
  }

  async step(step: RowStep): Promise<void> {
    const { server } = this.world;
    switch (step.do) {
      case "write":
        this.pushes.push(server.commit(step.table, step.id, { count: (this.count += 1) }));
        break;
      case "delete":
        if (server.row(step.table, step.id))
          this.pushes.push(server.commit(step.table, step.id, null));
        break;
      case "deliver":
      case "duplicate":
      case "lose":
        this.push(step.do, step.nth);
        break;
      case "read":
        this.read(step.table);
        break;
      case "read arrives":
        this.arrive();
        break;
      case "disconnect":
        server.sockets.at(-1)?.break();
        break;
      case "gap":
        // So long that nothing from before is still on its way.
        this.pushes.length = 0;
        server.oldestCursor = server.log.at(-1)?.version ?? 0;
        break;
      case "wait":
        await pass(2_000, 1_000, 10);
    }
  }

  async settleDown(): Promise<void> {
    this.world.server.sockets.at(-1)?.break();
    await pass(70_000, 10_000, 20);
    // What was long on its way comes in last, the oldest at the very end.
    while (this.reads.length > 0) this.arrive();
    while (this.pushes.length > 0) this.push("deliver", this.pushes.length - 1);
  }

  shown(): unknown {
    return TABLES.map((each) => sorted(this.tab.rows.rows(each).map(({ row }) => row)));
  }

  stored(): unknown {
    return TABLES.map((each) => sorted([...(this.world.server.tables.get(each)?.values() ?? [])]));
  }

  /** Any order between rows and within one; but what is lost takes the older ones of its row along. */
  private push(how: "deliver" | "duplicate" | "lose", place: number): void {
    const index = place % Math.max(1, this.pushes.length);
    const change = this.pushes[index];
    if (change === undefined) return;
    const arrives = how !== "lose" && this.world.server.socket.tables.has(change.table);
    if (arrives) this.world.server.push(change);
    if (arrives && how === "duplicate") return;
    const older = (each: ChangeEvent): boolean =>
      each.table === change.table && each.id === change.id;
    const kept = this.pushes.filter(
      (each, at) => at !== index && (arrives || at > index || !older(each)),
    );
    this.pushes.splice(0, this.pushes.length, ...kept);
  }

  private read(name: string): void {
    const rows = [...(this.world.server.tables.get(name)?.values() ?? [])];
    this.reads.push({ table: name, rows, generation: this.tab.rows.generation });
  }

  private readNow(name: string): void {
    this.read(name);
    const read = this.reads.pop();
    if (read) this.tab.rows.mergeList({ ...read, covers: () => true });
  }

  private arrive(): void {
    const read = this.reads.shift();
    if (read) this.tab.rows.mergeList({ ...read, covers: () => true });
  }
}

function sorted(rows: readonly Row[]): readonly Row[] {
  return [...rows].sort((a, b) => String(a.id).localeCompare(String(b.id)));
}

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
  it("the page ends up with the server's rows", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(rowStep, { maxLength: 40, size: "max" }), async (steps) => {
        freezeTime();
        const chaos = new Chaos();
        await chaos.start();
        for (const step of steps) await chaos.step(step);
        await chaos.settleDown();
        expect(chaos.shown()).toEqual(chaos.stored());
        chaos.world.end();
      }),
      { numRuns: 250 },
    );
  });

  it(
    "every press happens exactly once, and those on one row in their order",
    { timeout: 60_000 },
    async () => {
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
    },
  );
});
