import { beforeEach, describe, expect, it } from "vitest";

import { ChangeTimeoutError, SETTLED_AFTER_MS } from "@/sync/realtime";
import { pass, settle } from "./support/time";
import { frozenWorld, type World } from "./support/world";

describe("socket lifecycle", () => {
  let world: World;
  beforeEach(() => {
    world = frozenWorld();
    return () => world.end();
  });

  it("goes from connecting to live once it is subscribed and caught up", async () => {
    world.server.autoAccept = false;
    const tab = world.newTab();
    const seen: string[] = [];
    tab.realtime.states.on((state) => seen.push(state));
    tab.realtime.subscribe("appointments", () => undefined);
    expect(tab.realtime.state).toBe("closed");
    await tab.start();
    await settle();
    expect(tab.realtime.state).toBe("connecting");
    world.server.socket.accept();
    await settle();
    expect(tab.realtime.state).toBe("connecting");
    world.server.confirm(world.server.socket, ["appointments"]);
    await settle();
    expect(seen).toEqual(["connecting", "live"]);
  });

  it("subscribes to what is listened to, before and after it is open", async () => {
    const tab = await world.liveTab();
    tab.realtime.subscribe("leads", () => undefined);
    tab.realtime.subscribe("leads", () => undefined);
    await settle();
    expect(world.server.socket.sent).toEqual([
      { action: "subscribe", tables: ["appointments"], packed: true },
      { action: "subscribe", tables: ["leads"], packed: true },
    ]);
    expect(tab.realtime.getSubscriptions()).toEqual([
      { table: "appointments", listeners: 1, active: true },
      { table: "leads", listeners: 2, active: true },
    ]);
  });

  it("subscribes to everything again on a new connection", async () => {
    const tab = await world.liveTab();
    tab.realtime.subscribe("leads", () => undefined);
    await settle();
    world.server.socket.break();
    await pass(1_000);
    expect(world.server.sockets).toHaveLength(2);
    expect(world.server.socket.sent).toEqual([
      { action: "subscribe", tables: ["appointments", "leads"], packed: true },
    ]);
    expect(tab.realtime.state).toBe("live");
  });

  it("takes another connection when the subscription is not confirmed", async () => {
    world.server.autoAccept = false;
    const tab = await world.tab();
    tab.realtime.subscribe("appointments", () => undefined);
    world.server.socket.accept();
    world.server.socket.say({ type: "ERROR", code: "INTERNAL", error: "Something went wrong" });
    await pass(10_000);
    expect(tab.realtime.state).toBe("waiting");
    await pass(1_000);
    expect(world.server.sockets).toHaveLength(2);
  });

  it("tells listeners of their table alone, until they leave", async () => {
    const tab = await world.liveTab();
    const heard: string[] = [];
    const leave = tab.realtime.subscribe("leads", ({ id }) => heard.push(id));
    await settle();
    world.server.commit("leads", "l1", { status: "new" });
    world.server.commit("appointments", "a1", { status: "pending" });
    leave();
    world.server.commit("leads", "l2", { status: "new" });
    expect(heard).toEqual(["l1"]);
  });

  it("knows the latest change of a table, and can wait for one", async () => {
    const tab = await world.liveTab();
    expect(tab.realtime.getLatest("appointments")).toBeNull();
    const coming = tab.realtime.waitForChange("appointments", 5_000, ({ id }) => id === "a2");
    world.server.commit("appointments", "a1", { status: "pending" });
    world.server.commit("appointments", "a2", { status: "pending" });
    await expect(coming).resolves.toMatchObject({
      id: "a2",
      type: "INSERT",
      source: "socket",
      previous: null,
    });
    expect(tab.realtime.getLatest("appointments")).toMatchObject({ id: "a2" });
  });

  it("does not wait longer than asked", async () => {
    const tab = await world.liveTab();
    const coming = tab.realtime.waitForChange("appointments", 5_000);
    const outcome = expect(coming).rejects.toBeInstanceOf(ChangeTimeoutError);
    await pass(5_000);
    await outcome;
    expect(tab.realtime.getSubscriptions()).toMatchObject([{ listeners: 1 }]);
  });

  it("pings every four minutes, whether or not the tab is looked at", async () => {
    await world.liveTab();
    await pass(8 * 60_000, 30_000);
    const pings = world.server.socket.sent.filter(({ action }) => action === "ping");
    expect(pings).toHaveLength(2);
    expect(world.server.sockets).toHaveLength(1);
  });

  it("gives up a socket that does not answer a ping within ten seconds", async () => {
    const tab = await world.liveTab();
    world.server.socket.onsend = () => undefined;
    await pass(4 * 60_000 + 9_999, 30_000);
    expect(tab.realtime.state).toBe("live");
    await pass(1);
    expect(tab.realtime.state).toBe("waiting");
    await pass(1_000);
    expect(tab.realtime.state).toBe("live");
    expect(world.server.sockets).toHaveLength(2);
  });

  it("makes sure of its socket when the tab wakes", async () => {
    await world.liveTab();
    world.server.socket.onsend = () => undefined;
    world.signals.emit("wake");
    await pass(11_500);
    expect(world.server.sockets).toHaveLength(2);
  });

  describe("some seconds after a subscription", () => {
    it("finds what was committed before the server knew the new socket", async () => {
      const tab = await world.liveTab();
      world.server.autoPush = false;
      world.server.commit("appointments", "a1", { status: "pending" });
      await pass(SETTLED_AFTER_MS - 1);
      expect(tab.rows.get("appointments", "a1")).toBeUndefined();
      await pass(1);
      expect(tab.rows.get("appointments", "a1")).toBeDefined();
    });

    it("asks once, however many subscriptions there are", async () => {
      const tab = await world.liveTab();
      for (const table of ["leads", "contacts"]) tab.realtime.subscribe(table, () => undefined);
      await settle();
      const before = world.server.catchUps.length;
      await pass(180_000, 5_000);
      expect(world.server.catchUps).toHaveLength(before + 1);
    });

    it("asks nothing once the socket is closed", async () => {
      await world.liveTab();
      world.server.autoAccept = false;
      world.server.socket.break();
      const before = world.server.catchUps.length;
      await pass(SETTLED_AFTER_MS);
      expect(world.server.catchUps).toHaveLength(before);
    });

    it("asks nothing after a sign-out", async () => {
      const tab = await world.liveTab();
      const before = world.server.catchUps.length;
      await tab.signOut();
      await pass(SETTLED_AFTER_MS);
      expect(world.server.catchUps).toHaveLength(before);
    });
  });

  it("stops at sign-out and hears nothing more", async () => {
    const tab = await world.liveTab();
    const { socket } = world.server;
    await tab.signOut();
    expect(tab.realtime.state).toBe("closed");
    expect(socket.state).toBe("closed");
    world.signals.emit("online");
    await pass(120_000, 10_000);
    expect(world.server.sockets).toHaveLength(1);
  });
});
