import { beforeEach, describe, expect, it } from "vitest";

import { pass, settle } from "./support/time";
import { confirm, frozenWorld, press, states, type World } from "./support/world";

describe("reload", () => {
  let world: World;
  beforeEach(() => {
    world = frozenWorld("a1");
    return () => world.end();
  });

  it("sends again, with the same key, what was on its way when the page went", async () => {
    const first = await world.tab();
    world.server.faults.push({ kind: "commit-then-hang" });
    const { key } = await press(first, confirm("a1"));
    expect(states(first)).toEqual(["sending"]);
    first.stop();
    await settle();
    const second = await world.tab();
    expect(world.server.presses.map((press) => press.key)).toEqual([key, key]);
    expect(world.server.effects).toEqual([key]);
    expect(second.outbox.snapshot.settled.get(key)).toMatchObject({
      status: "done",
      replayed: true,
    });
  });

  it("sends what was queued offline", async () => {
    await world.goOffline();
    const first = await world.tab();
    const { key } = await press(first, confirm("a1"));
    first.stop();
    world.server.down = false;
    world.online = true;
    await world.tab();
    expect(world.server.effects).toEqual([key]);
  });

  it("goes on with its waits: a new page is no reason to ask earlier", async () => {
    const first = await world.tab();
    world.server.faults.push({ kind: "status", status: 429, headers: { "Retry-After": "20" } });
    await press(first, confirm("a1"));
    first.stop();
    await world.tab();
    await pass(19_000, 1_000);
    expect(world.server.presses).toHaveLength(1);
    await pass(1_000);
    expect(world.server.presses).toHaveLength(2);
  });

  it("settles what is unknown as soon as a new page is connected", async () => {
    const first = await world.tab();
    world.server.faults.push(...Array.from({ length: 5 }, () => ({ kind: "lost" }) as const));
    await press(first, confirm("a1"));
    await pass(20_000);
    first.stop();
    const second = await world.tab();
    await pass(60_000, 10_000);
    expect(states(second)).toEqual([]);
    expect(world.server.effects).toHaveLength(1);
    expect(new Set(world.server.presses.map(({ key }) => key)).size).toBe(1);
  });

  it("shows again what an outstanding action is expected to change", async () => {
    await world.goOffline();
    const first = await world.tab();
    await press(first, confirm("a1"));
    first.stop();
    const second = await world.tab();
    const rows = [{ id: "a1", status: "pending", version: 1 }];
    second.rows.mergeList({ table: "appointments", rows, generation: 0, covers: () => true });
    expect(second.rows.get("appointments", "a1")).toMatchObject({
      row: { status: "confirmed" },
      tentative: true,
    });
  });

  it("is settled by the change that was committed while the page was away", async () => {
    const first = await world.liveTab();
    world.server.faults.push({ kind: "commit-then-hang" });
    const { key } = await first.outbox.enqueue(confirm("a1"));
    first.stop();
    await settle();
    world.server.faults.push({ kind: "hang" });
    const second = await world.liveTab();
    expect(second.outbox.snapshot.settled.get(key)).toMatchObject({ status: "done", via: "event" });
    expect(states(second)).toEqual([]);
  });
});
