import { beforeEach, describe, expect, it } from "vitest";

import type { SyncClient } from "@/sync/client";
import { STEAL_AFTER_MS } from "@/sync/locks";
import { pass, settle } from "./support/time";
import { confirm, frozenWorld, press, states, type World } from "./support/world";

describe("tabs", () => {
  let world: World;
  beforeEach(() => {
    world = frozenWorld("a1", "a2");
    return () => world.end();
  });

  it("sends a press once, however many tabs there are", async () => {
    const tabs = [await world.tab(), await world.tab(), await world.tab()];
    const first = await tabs[0]?.outbox.enqueue(confirm("a1"));
    const second = await tabs[1]?.outbox.enqueue(confirm("a2"));
    await pass(60_000, 5_000);
    expect(world.server.presses.map(({ key }) => key)).toEqual([first?.key, second?.key]);
  });

  it("tells every tab how a press ended", async () => {
    const [one, two] = [await world.tab(), await world.tab()];
    const { key } = await press(one, confirm("a1"));
    for (const tab of [one, two])
      expect(tab.outbox.snapshot.settled.get(key)).toMatchObject({ via: "answer" });
  });

  it("shows the queue of one tab in the other", async () => {
    await world.goOffline();
    const [one, two] = [await world.tab(), await world.tab()];
    await press(one, confirm("a1"));
    expect(states(two)).toEqual(["queued"]);
  });

  it("lets another tab take over from one that was closed while sending", async () => {
    const [one, two] = [await world.tab(), await world.tab()];
    world.server.faults.push({ kind: "commit-then-hang" });
    const { key } = await press(one, confirm("a1"));
    one.stop();
    await settle();
    expect(world.server.presses.map((press) => press.key)).toEqual([key, key]);
    expect(two.outbox.snapshot.settled.get(key)).toMatchObject({ status: "done", replayed: true });
  });

  it("lets another tab take over from one that is frozen and never lets go", async () => {
    const frozen = await world.tab({ browser: { fetch: () => new Promise(() => undefined) } });
    void world.locks
      .request("closed-loop:outbox:org-1/u-anna", {}, () => new Promise(() => undefined))
      .catch(() => undefined);
    const other = await world.tab();
    await frozen.outbox.enqueue(confirm("a1"));
    frozen.stop();
    await pass(STEAL_AFTER_MS - 1_000, 1_000);
    expect(world.server.effects).toEqual([]);
    await pass(1_000);
    expect(world.server.effects).toHaveLength(1);
    expect(states(other)).toEqual([]);
  });

  it("stops sending when the lock is taken away", async () => {
    const [one, two] = [await world.tab(), await world.tab()];
    world.server.faults.push({ kind: "hang" });
    const { key } = await press(one, confirm("a1"));
    void world.locks.request("closed-loop:outbox:org-1/u-anna", { steal: true }, () =>
      Promise.resolve(),
    );
    await settle();
    expect(world.server.presses.map((press) => press.key)).toEqual([key, key]);
    expect(two.outbox.snapshot.settled.get(key)).toMatchObject({ status: "done" });
  });

  it("settles in all tabs what one of them learns from a change", async () => {
    const [one, two] = [await world.tab(), await world.tab()];
    two.realtime.subscribe("appointments", () => undefined);
    await settle();
    world.server.faults.push({ kind: "commit-then-hang" });
    const { key } = await press(one, confirm("a1"));
    for (const tab of [one, two]) {
      expect(states(tab)).toEqual([]);
      expect(tab.outbox.snapshot.settled.get(key)).toMatchObject({ via: "event" });
    }
  });

  it("passes changes on to a tab whose own socket is down", async () => {
    const [one, two] = [await world.tab(), await world.tab()];
    one.realtime.subscribe("appointments", () => undefined);
    two.realtime.subscribe("appointments", () => undefined);
    await settle();
    world.server.sockets[1]?.break();
    world.server.commit("appointments", "a1", { status: "cancelled" });
    await settle();
    expect(two.rows.get("appointments", "a1")).toMatchObject({ row: { status: "cancelled" } });
  });

  it("empties the queue of the other tabs at sign-out and stops what they send", async () => {
    const [one, two] = [await world.tab(), await world.tab()];
    world.server.faults.push({ kind: "hang" });
    await press(one, confirm("a1"));
    expect(world.server.hanging).toBe(1);
    await two.signOut();
    await settle();
    expect(world.server.hanging).toBe(0);
    await pass(60_000, 5_000);
    expect(states(one)).toEqual([]);
    expect(world.server.presses).toHaveLength(1);
  });

  it("does not bring an item back with news that come after its end", async () => {
    const tab = await world.tab();
    world.server.faults.push({ kind: "lost" });
    const endings: string[] = [];
    tab.outbox.mirror.endings.on(({ settlement }) => endings.push(settlement.status));
    const early = await press(tab, confirm("a1"));
    await pass(1_000);
    tab.outbox.mirror.set(early.key, early, null);
    tab.outbox.mirror.set(early.key, null, { status: "done", via: "tab" });
    expect(states(tab)).toEqual([]);
    expect(endings).toEqual(["done"]);
    expect(tab.outbox.snapshot.settled.get(early.key)).toMatchObject({ via: "answer" });
  });

  it("finds what became of an item when the other tab's message is lost", async () => {
    const deaf = { channel: () => null };
    const [one, two] = [await world.tab({ browser: deaf }), await world.tab({ browser: deaf })];
    await world.goOffline();
    const { key } = await press(one, confirm("a1"));
    await two.outbox.refresh();
    await world.goOnline();
    await one.outbox.refresh();
    await two.outbox.refresh();
    for (const tab of [one, two]) {
      expect(states(tab)).toEqual([]);
      expect(tab.outbox.snapshot.settled.get(key)).toMatchObject({ status: "done" });
    }
    expect(world.server.effects).toEqual([key]);
  });
});

describe("without Web Locks", () => {
  let world: World;
  const lockless = (): Promise<SyncClient> => world.tab({ browser: { locks: null } });
  beforeEach(() => {
    world = frozenWorld("a1", "a2");
    return () => world.end();
  });

  it("has one tab send at a time, by a lease in the database", async () => {
    const [one, two] = [await lockless(), await lockless()];
    world.server.faults.push({ kind: "hang" });
    await press(one, confirm("a1"));
    await two.outbox.refresh();
    await pass(14_000, 1_000);
    expect(world.server.presses).toHaveLength(1);
    await pass(5_000, 1_000);
    expect(states(one)).toEqual([]);
    expect(world.server.effects).toHaveLength(1);
  });

  it("takes the lease of a tab that is gone when it has run out", async () => {
    const gone = await world.tab({
      browser: { locks: null, fetch: () => new Promise(() => undefined) },
    });
    await press(gone, confirm("a1"));
    // Its timers stop with the page: nobody renews the lease, nobody gives it back.
    gone.outbox.close();
    await freezeTabLease(world);
    const { key } = gone.outbox.snapshot.items[0] ?? {};
    gone.stop();
    await lockless();
    await pass(21_000, 1_000);
    expect(world.server.presses.map((press) => press.key)).toEqual([key]);
  });
});

/** Leaves a lease behind that a closed tab held. */
async function freezeTabLease(world: World): Promise<void> {
  const { Database, result } = await import("@/sync/database");
  await new Database(world.indexedDB).run("meta", "readwrite", async (store) => {
    const lease = { holder: "a closed tab", until: Date.now() + 20_000 };
    await result(store.put(lease, "lease:closed-loop:outbox:org-1/u-anna"));
  });
}
