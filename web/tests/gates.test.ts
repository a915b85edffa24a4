import { act } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";

import type { SyncClient } from "@/sync/client";
import { pass, settle } from "./support/time";
import { confirm, frozenWorld, press, states, type World } from "./support/world";

/** Rows 1 and 5 of the complaints: nothing goes twice, nothing is stuck behind something that failed. */
describe("presses on a weak connection", () => {
  let world: World;
  let tab: SyncClient;
  beforeEach(async () => {
    world = frozenWorld("a1", "a2", "a3", "a4", "a5");
    world.server.autoPush = false;
    tab = await world.tab();
    return () => world.end();
  });

  const keys = (): readonly (string | null)[] => world.server.presses.map(({ key }) => key);

  it("happen once though three answers are lost and the page is reloaded in the middle", async () => {
    for (let lost = 0; lost < 3; lost += 1) world.server.faults.push({ kind: "answer-lost" });
    await press(tab, confirm("a1"));
    await pass(3_000, 500);
    tab.stop();
    const reloaded = await world.tab();
    await pass(60_000, 1_000);
    expect(world.server.effects).toHaveLength(1);
    expect(keys().length).toBeGreaterThan(3);
    expect(new Set(keys()).size).toBe(1);
    expect(states(reloaded)).toEqual([]);
  });

  it("are repeated by their own timer: nobody has to touch anything", async () => {
    world.server.faults.push({ kind: "status", status: 502, body: {} });
    await press(tab, confirm("a1"));
    expect(world.server.effects).toEqual([]);
    await pass(5_000, 500);
    expect(world.server.effects).toHaveLength(1);
    expect(states(tab)).toEqual([]);
  });

  it("pass one that is refused: of five, four happen and one is told", async () => {
    await act(() => world.goOffline());
    for (const id of ["a1", "a2", "gone", "a3", "a4"])
      await press(tab, { ...confirm(id), scopes: ["one-row"] });
    await act(() => world.goOnline());
    await settle(200);
    await pass(5_000, 500);
    expect(world.server.effects).toHaveLength(4);
    expect(tab.outbox.snapshot.items).toMatchObject([
      { state: "rejected", body: { appointmentId: "gone" }, error: { code: "NOT_FOUND" } },
    ]);
  });

  it("are kept and told apart when the sign-in is over: none is lost, none refused", async () => {
    world.server.refused.add("token-u-anna");
    await press(tab, confirm("a1"));
    expect(tab.outbox.snapshot.items).toMatchObject([{ state: "queued", waiting: "sign-in" }]);
    world.server.refused.clear();
    await pass(61_000, 1_000);
    expect(world.server.effects).toHaveLength(1);
  });
});
