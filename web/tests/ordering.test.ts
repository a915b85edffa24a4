import { beforeEach, describe, expect, it } from "vitest";

import { pass, settle } from "./support/time";
import { confirm, frozenWorld, press, states, type World } from "./support/world";

describe("ordering", () => {
  let world: World;
  beforeEach(() => {
    world = frozenWorld("a1", "a2", "a3", "a4", "a5", "a6");
    return () => world.end();
  });

  const sent = (): unknown[] => world.server.presses.map(({ body }) => body);

  it("sends the next item of a row only after the one before has ended", async () => {
    const tab = await world.tab();
    world.server.faults.push({ kind: "hang" });
    await tab.outbox.enqueue(confirm("a1", { body: { appointmentId: "a1", step: 1 } }));
    await press(tab, confirm("a1", { body: { appointmentId: "a1", step: 2 } }));
    await pass(14_000, 1_000);
    expect(sent()).toEqual([{ appointmentId: "a1", step: 1 }]);
    await pass(2_000);
    expect(sent()).toEqual([1, 1, 2].map((step) => ({ appointmentId: "a1", step })));
  });

  it("does not let one row wait for another", async () => {
    const tab = await world.tab();
    world.server.faults.push({ kind: "hang" });
    await tab.outbox.enqueue(confirm("a1"));
    await press(tab, confirm("a2"));
    expect(states(tab)).toEqual(["sending"]);
    expect(world.server.row("appointments", "a2")).toMatchObject({ status: "confirmed" });
  });

  it("goes on after a refused item", async () => {
    const tab = await world.tab();
    world.server.faults.push({ kind: "status", status: 400 });
    await tab.outbox.enqueue(confirm("a1"));
    await press(tab, confirm("a1"));
    expect(states(tab)).toEqual(["rejected"]);
    expect(world.server.effects).toHaveLength(1);
  });

  it("holds the row while the outcome of an item is unknown", async () => {
    const tab = await world.tab();
    world.server.faults.push(...Array.from({ length: 5 }, () => ({ kind: "lost" }) as const));
    const first = await tab.outbox.enqueue(confirm("a1"));
    await press(tab, confirm("a1"));
    await pass(60_000, 5_000);
    expect(states(tab)).toEqual(["unknown", "queued"]);
    expect(world.server.presses).toHaveLength(5);
    await tab.outbox.discard(first.key);
    world.signals.emit("wake");
    await settle();
    expect(states(tab)).toEqual([]);
    expect(world.server.effects).toHaveLength(1);
  });

  it("sends the urgent before the rest, and equals in the order of the presses", async () => {
    await world.goOffline();
    const tab = await world.tab();
    await tab.outbox.enqueue(confirm("a1", { priority: "LOW" }));
    await tab.outbox.enqueue(confirm("a2"));
    await tab.outbox.enqueue(confirm("a3", { priority: "HIGH" }));
    await tab.outbox.enqueue(confirm("a4"));
    await press(tab, confirm("a5", { priority: "HIGH" }));
    await world.goOnline();
    expect(sent()).toEqual(
      ["a3", "a5", "a2", "a4", "a1"].map((appointmentId) => ({ appointmentId })),
    );
  });

  it("keeps the order of a row over urgency", async () => {
    await world.goOffline();
    const tab = await world.tab();
    await tab.outbox.enqueue(
      confirm("a1", { priority: "LOW", body: { appointmentId: "a1", step: 1 } }),
    );
    await press(tab, confirm("a1", { priority: "HIGH", body: { appointmentId: "a1", step: 2 } }));
    await world.goOnline();
    expect(sent()).toMatchObject([{ step: 1 }, { step: 2 }]);
  });

  it("has at most four requests on their way at one time", async () => {
    const tab = await world.tab();
    world.server.faults.push(...Array.from({ length: 6 }, () => ({ kind: "hang" }) as const));
    for (const id of ["a1", "a2", "a3", "a4", "a5", "a6"]) await press(tab, confirm(id));
    expect(world.server.presses).toHaveLength(4);
    await pass(16_000, 1_000);
    expect(world.server.presses.length).toBeGreaterThan(4);
  });
});
