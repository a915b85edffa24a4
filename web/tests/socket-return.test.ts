import { beforeEach, describe, expect, it } from "vitest";

import { SPREAD_MS } from "@/sync/socket";
import { pass } from "./support/time";
import { frozenWorld, type World } from "./support/world";

const MINUTE = 60_000;

describe("a socket that returns", () => {
  let world: World;
  beforeEach(() => {
    world = frozenWorld();
    return () => world.end();
  });

  it("waits for its turn among all that lost theirs", async () => {
    world.random = 0.5;
    const tab = await world.liveTab(["appointments"], { browser: { spreadMs: SPREAD_MS } });
    await pass(10_000);
    world.server.socket.break();
    await pass(SPREAD_MS / 2 - 1_000);
    expect(world.server.sockets).toHaveLength(1);
    await pass(2_000);
    expect(world.server.sockets).toHaveLength(2);
    expect(tab.realtime.state).toBe("live");
  });

  it("is renewed before the gateway ends it, at a time of its own", async () => {
    world.random = 0.5;
    const tab = await world.liveTab();
    await pass(108 * MINUTE);
    expect(world.server.sockets).toHaveLength(1);
    await pass(2 * MINUTE);
    expect(world.server.sockets).toHaveLength(2);
    expect(tab.realtime.state).toBe("live");
  });
});
