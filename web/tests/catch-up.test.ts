import { beforeEach, describe, expect, it } from "vitest";

import { ANNA, BEN } from "./support/fake-types";
import { pass, settle } from "./support/time";
import { confirm, frozenWorld, press, states, type World } from "./support/world";

describe("catch-up", () => {
  let world: World;
  beforeEach(() => {
    world = frozenWorld("a1");
    return () => world.end();
  });

  it("asks for the cursor of now at once at the very first start, and reads the lists only once", async () => {
    const tab = world.newTab();
    let resyncs = 0;
    tab.realtime.resyncs.on(() => (resyncs += 1));
    tab.realtime.subscribe("appointments", () => undefined);
    world.server.autoAccept = false;
    await tab.start();
    await settle();
    world.server.socket.accept();
    await settle();
    expect(world.server.catchUps).toEqual(["/api/changes"]);
    world.server.confirm(world.server.socket, ["appointments"]);
    await settle();
    expect(world.server.catchUps).toEqual([
      "/api/changes",
      "/api/changes?tables=appointments&since=c1001",
    ]);
    expect(resyncs).toBe(0);
  });

  it("has the lists read again when the first cursor was too long on its way", async () => {
    let slow = true;
    const fetch: typeof globalThis.fetch = async (...request) => {
      const response = await world.server.fetch(...request);
      if (slow && request[0] === "/api/changes")
        await new Promise((resolve) => setTimeout(resolve, 12_000));
      return response;
    };
    const tab = world.newTab({ browser: { fetch } });
    let resyncs = 0;
    tab.realtime.resyncs.on(() => (resyncs += 1));
    tab.realtime.subscribe("appointments", () => undefined);
    await tab.start();
    await pass(11_500);
    slow = false;
    await pass(2_000);
    expect(resyncs).toBe(1);
    expect(tab.realtime.state).toBe("live");
  });

  it("gets what was committed while it was away, all pages of it", async () => {
    const tab = await world.liveTab(["appointments", "leads"]);
    world.server.pageSize = 2;
    world.server.socket.break();
    for (let number = 0; number < 5; number += 1) {
      world.server.commit("appointments", `n${String(number)}`, { status: "pending" });
      world.server.commit("leads", `n${String(number)}`, { status: "new" });
    }
    await pass(1_000);
    expect(tab.rows.rows("appointments")).toHaveLength(5);
    expect(tab.rows.rows("leads")).toHaveLength(5);
    expect(world.server.catchUps.slice(2).map((path) => path.replace(/^.*since=/, ""))).toEqual([
      "c1001",
      "c1003",
      "c1005",
      "c1007",
      "c1009",
    ]);
    expect(tab.realtime.state).toBe("live");
  });

  it("loses nothing between the subscription and the catch-up", async () => {
    const tab = await world.liveTab();
    world.server.autoAccept = false;
    world.server.socket.break();
    world.server.commit("appointments", "before", { status: "pending" });
    await pass(1_000);
    world.server.socket.accept();
    await settle();
    world.server.commit("appointments", "between", { status: "pending" });
    world.server.confirm(world.server.socket, ["appointments"]);
    world.server.commit("appointments", "after", { status: "pending" });
    await settle();
    expect(
      tab.rows
        .rows("appointments")
        .map(({ id }) => id)
        .sort(),
    ).toEqual(["after", "before", "between"]);
  });

  it("keeps its cursor over a reload, per person and org", async () => {
    const first = await world.liveTab();
    first.stop();
    world.server.commit("appointments", "a2", { status: "pending" });
    const second = await world.liveTab();
    expect(world.server.catchUps.at(-1)).toBe("/api/changes?tables=appointments&since=c1001");
    expect(second.rows.get("appointments", "a2")).toBeDefined();
    await world.liveTab(["appointments"], { user: BEN });
    expect(world.server.catchUps.at(-2)).toBe("/api/changes");
  });

  it("forgets its cursor at sign-out", async () => {
    const first = await world.liveTab();
    await first.signOut();
    await world.liveTab();
    expect(world.server.catchUps.at(-2)).toBe("/api/changes");
  });

  it("has the lists read again when too much was missed", async () => {
    const tab = await world.liveTab();
    let resyncs = 0;
    tab.realtime.resyncs.on(() => (resyncs += 1));
    world.server.socket.break();
    world.server.commit("appointments", "a2", { status: "pending" });
    world.server.oldestCursor = 2_000;
    await pass(1_000);
    expect(resyncs).toBe(1);
    expect(tab.realtime.state).toBe("live");
    world.server.oldestCursor = 0;
    world.server.commit("appointments", "a3", { status: "pending" });
    world.server.socket.break();
    await pass(2_000);
    expect(world.server.catchUps.at(-1)).toBe("/api/changes?tables=appointments&since=c1002");
  });

  it("starts over when the server does not know its cursor", async () => {
    const tab = await world.liveTab();
    let resyncs = 0;
    tab.realtime.resyncs.on(() => (resyncs += 1));
    const { Database, result } = await import("@/sync/database");
    tab.stop();
    await new Database(world.indexedDB).run("meta", "readwrite", async (store) => {
      await result(store.put("from another age", "cursor:org-1/u-anna"));
    });
    const second = world.newTab();
    second.realtime.resyncs.on(() => (resyncs += 1));
    second.realtime.subscribe("appointments", () => undefined);
    await second.start();
    await settle();
    expect(resyncs).toBe(1);
    expect(second.realtime.state).toBe("live");
  });

  it("is not live before it has caught up, and tries until it has", async () => {
    const tab = await world.liveTab();
    world.server.changesDown = 2;
    world.server.socket.break();
    await pass(1_000);
    expect(tab.realtime.state).toBe("connecting");
    await pass(3_000);
    expect(tab.realtime.state).toBe("live");
  });

  it("is not live by an answer that was asked for before it was subscribed", async () => {
    const gates: (() => void)[] = [];
    let gated = false;
    const fetch: typeof globalThis.fetch = async (...request) => {
      const response = await world.server.fetch(...request);
      const held = gated && (request[0] as string).startsWith("/api/changes");
      if (held) await new Promise<void>((resolve) => gates.push(resolve));
      return response;
    };
    const tab = await world.liveTab(["appointments"], { browser: { fetch } });
    gated = true;
    tab.realtime.refresh();
    await settle();
    world.server.socket.break();
    await pass(1_000);
    gates[0]?.();
    await settle();
    expect(tab.realtime.state).toBe("connecting");
    gates[1]?.();
    await settle();
    expect(tab.realtime.state).toBe("live");
  });

  it("finds a change that an open socket lost, with the next heartbeat", async () => {
    const tab = await world.liveTab();
    world.server.autoPush = false;
    world.server.commit("appointments", "a1", { status: "cancelled" });
    await pass(4 * 60_000, 30_000);
    expect(tab.rows.get("appointments", "a1")).toMatchObject({ row: { status: "cancelled" } });
  });

  it("fetches a change that was too large for the socket", async () => {
    const tab = await world.liveTab();
    world.server.autoPush = false;
    const change = world.server.commit("appointments", "a1", { status: "cancelled" });
    world.server.socket.say({ ...change, record: null, old_record: null, truncated: true });
    await settle();
    expect(tab.rows.get("appointments", "a1")).toMatchObject({ row: { status: "cancelled" } });
  });

  it("never leaves behind a table that was added while it was asking", async () => {
    let gate: Promise<void> | null = null;
    const fetch: typeof globalThis.fetch = async (...request) => {
      const response = await world.server.fetch(...request);
      if ((request[0] as string).startsWith("/api/changes")) await gate;
      return response;
    };
    const tab = await world.liveTab(["appointments"], { browser: { fetch } });
    let open = (): void => undefined;
    gate = new Promise((resolve) => (open = resolve));
    world.server.commit("leads", "l1", { status: "new" });
    // Its cursor is behind the lead, of which it says nothing.
    tab.realtime.refresh();
    await settle();
    tab.realtime.subscribe("leads", () => undefined);
    gate = null;
    open();
    await settle();
    expect(tab.rows.get("leads", "l1")).toBeDefined();
  });

  it("ends a press whose answer and push were both lost", async () => {
    const tab = await world.liveTab();
    world.server.autoPush = false;
    world.server.faults.push({ kind: "commit-then-hang" });
    const { key } = await press(tab, confirm("a1"));
    world.server.socket.break();
    await pass(1_000);
    expect(tab.outbox.snapshot.settled.get(key)).toMatchObject({ status: "done", via: "event" });
    expect(states(tab)).toEqual([]);
  });

  it("marks what had happened before the page was up to date", async () => {
    const first = await world.liveTab();
    first.stop();
    world.server.commit("appointments", "a1", { status: "cancelled" }, { actor: ANNA });
    const tab = world.newTab();
    const sources: string[] = [];
    tab.realtime.subscribe("appointments", ({ source }) => sources.push(source));
    await tab.start();
    await settle();
    world.server.socket.break();
    world.server.commit("appointments", "a1", { status: "pending" });
    await pass(1_000);
    world.server.commit("appointments", "a1", { status: "no_show" });
    expect(sources).toEqual(["replay", "catch-up", "socket"]);
  });
});
