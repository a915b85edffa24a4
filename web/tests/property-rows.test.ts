import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { SyncClient } from "@/sync/client";
import type { ChangeEvent, Row } from "@/sync/protocol";
import { freezeTime, pass, settle } from "./support/time";
import { World } from "./support/world";

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

describe("whatever happens on the way", () => {
  it("the page ends up with the server's rows", async () => {
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
});
