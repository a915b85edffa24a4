import { beforeEach, describe, expect, it } from "vitest";

import { anySignal } from "@/sync/abort";
import { pass, settle } from "./support/time";
import { confirm, frozenWorld, onlyItem, press, states, type World } from "./support/world";

describe("a short outage", () => {
  let world: World;
  beforeEach(() => {
    world = frozenWorld("a1", "a2");
    return () => world.end();
  });

  /** The server stops: sockets break, requests are refused, and the browser still says online. */
  function stop(): void {
    world.server.down = true;
    for (const socket of world.server.sockets) socket.break();
  }

  it("costs a press no attempt and heals by itself when the server is back", async () => {
    const tab = await world.liveTab();
    stop();
    await press(tab, confirm("a1"));
    await pass(7_000);
    expect(onlyItem(tab)).toMatchObject({ state: "queued", waiting: "network", attempt: 0 });
    await pass(60_000, 2_000);
    expect(onlyItem(tab)).toMatchObject({ state: "queued", attempt: 0 });
    world.server.down = false;
    await pass(31_000, 1_000);
    expect(states(tab)).toEqual([]);
    expect(world.server.effects).toHaveLength(1);
  });

  it("settles what had become unclear when the socket is back", async () => {
    const tab = await world.liveTab();
    world.server.faults.push(...Array.from({ length: 5 }, () => ({ kind: "lost" }) as const));
    await press(tab, confirm("a1"));
    await pass(20_000);
    expect(states(tab)).toEqual(["unknown"]);
    world.server.socket.break();
    await pass(2_000);
    expect(states(tab)).toEqual([]);
    expect(world.server.effects).toHaveLength(1);
  });

  it("leaves alone what is too old to be repeated without being asked", async () => {
    const tab = await world.liveTab();
    world.server.faults.push(...Array.from({ length: 5 }, () => ({ kind: "lost" }) as const));
    await press(tab, confirm("a1"));
    await pass(20_000);
    stop();
    await pass(24 * 3_600_000, 600_000);
    world.server.down = false;
    await pass(61_000, 1_000);
    expect(onlyItem(tab)).toMatchObject({ state: "unknown" });
    expect(world.server.presses).toHaveLength(5);
  });

  it("has a silent socket looked at as soon as a request gets no answer", async () => {
    const tab = await world.liveTab();
    const { socket } = world.server;
    socket.onsend = () => undefined;
    world.server.autoPush = false;
    world.server.faults.push({ kind: "lost" });
    await press(tab, confirm("a1"));
    expect(socket.sent.at(-1)).toEqual({ action: "ping" });
    await pass(11_000);
    expect(world.server.socket).not.toBe(socket);
  });

  it("knows several events of one frame, in their order", async () => {
    const tab = await world.liveTab();
    world.server.autoPush = false;
    const changes = ["cancelled", "pending"].map((status) =>
      world.server.commit("appointments", "a1", { status }),
    );
    const other = world.server.commit("appointments", "a2", { status: "no_show" });
    world.server.socket.say(JSON.stringify([...changes, { type: "NONSENSE" }, other]));
    await settle();
    expect(tab.rows.rows("appointments").map(({ row }) => row.status)).toEqual([
      "pending",
      "no_show",
    ]);
  });

  it("aborts by any of several signals where the browser cannot", () => {
    const whole = Object.getOwnPropertyDescriptor(AbortSignal, "any") ?? {};
    Reflect.deleteProperty(AbortSignal, "any");
    try {
      const [a, b] = [new AbortController(), new AbortController()];
      const any = anySignal([a.signal, undefined, b.signal]);
      expect(any.aborted).toBe(false);
      b.abort();
      expect(any.aborted).toBe(true);
      expect(anySignal([b.signal]).aborted).toBe(true);
    } finally {
      Object.defineProperty(AbortSignal, "any", whole);
    }
  });
});
