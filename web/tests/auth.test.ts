import { beforeEach, describe, expect, it } from "vitest";

import { Emitter } from "@/sync/emitter";
import type { TokenProvider } from "@/sync/http";
import { pass, settle } from "./support/time";
import { confirm, frozenWorld, onlyItem, press, states, type World } from "./support/world";

describe("auth", () => {
  let world: World;
  let asked: boolean[];
  let answers: (string | null)[];
  let changed: Emitter<undefined>;
  const tokens: TokenProvider = {
    getToken: ({ fresh }) => {
      asked.push(fresh);
      const [next = null, ...rest] = answers;
      if (fresh && rest.length > 0) answers = rest;
      return Promise.resolve(fresh && rest.length > 0 ? (rest[0] ?? null) : next);
    },
    onChange: (listener) => changed.on(listener),
  };
  beforeEach(() => {
    world = frozenWorld("a1", "a2");
    [asked, answers, changed] = [[], ["good"], new Emitter()];
    return () => world.end();
  });

  it("asks for a new ticket for every attempt, and never puts the token into an address", async () => {
    const tab = await world.tab({ tokens });
    tab.realtime.subscribe("appointments", () => undefined);
    await settle();
    world.server.socket.break();
    await pass(1_000);
    const urls = world.server.sockets.map(({ url }) => new URL(url));
    expect(urls.map(({ search }) => search)).toHaveLength(2);
    expect(new Set(urls.map((url) => url.searchParams.get("ticket"))).size).toBe(2);
    expect(urls.every((url) => !url.href.includes("good"))).toBe(true);
  });

  it("keeps other parameters of the socket's address", async () => {
    const fetch: typeof globalThis.fetch = () =>
      Promise.resolve(
        Response.json({ success: true, ticket: "a b&c", url: "wss://socket.example/prod?v=1" }),
      );
    const tab = world.newTab({ tokens, browser: { fetch } });
    await tab.start();
    await settle();
    expect(world.server.socket.url).toBe("wss://socket.example/prod?v=1&ticket=a+b%26c");
  });

  it("asks once for a fresh token after a 401 and repeats with it", async () => {
    const tab = await world.tab({ tokens });
    world.server.refused.add("good");
    answers = ["good", "better"];
    asked.length = 0;
    await press(tab, confirm("a1"));
    expect(asked).toEqual([false, true]);
    expect(world.server.presses.map(({ token }) => token)).toEqual(["good", "better"]);
    expect(states(tab)).toEqual([]);
  });

  it("holds the queue, without losing anything, until somebody is signed in", async () => {
    const tab = await world.tab({ tokens });
    world.server.refused.add("good");
    await press(tab, confirm("a1"));
    await press(tab, confirm("a2"));
    expect(world.server.presses).toHaveLength(2);
    await pass(600_000, 30_000);
    expect(tab.outbox.snapshot.items).toMatchObject([
      { state: "queued", waiting: "sign-in", attempt: 0 },
      { state: "queued" },
    ]);
    // Once a minute one of them asks whether somebody has signed in meanwhile.
    expect(world.server.presses.length).toBeLessThanOrEqual(2 + 2 * 10);
    answers = ["new"];
    changed.emit(undefined);
    await settle();
    expect(states(tab)).toEqual([]);
    expect(world.server.effects).toHaveLength(2);
  });

  it("holds the queue when there is no token at all", async () => {
    const tab = await world.tab({ tokens });
    answers = [null];
    await press(tab, confirm("a1"));
    expect(onlyItem(tab)).toMatchObject({ waiting: "sign-in" });
    expect(world.server.presses).toHaveLength(0);
  });

  it("waits for the network, and loses no attempt, while no token can be had", async () => {
    let fails = true;
    const getToken = (): Promise<string> =>
      fails ? Promise.reject(new Error("no network")) : Promise.resolve("good");
    const tab = await world.tab({ tokens: { getToken } });
    await press(tab, confirm("a1"));
    await pass(600_000, 10_000);
    expect(onlyItem(tab)).toMatchObject({
      state: "queued",
      waiting: "network",
      attempt: 0,
      error: { code: "NETWORK" },
    });
    fails = false;
    await pass(30_000, 10_000);
    expect(states(tab)).toEqual([]);
    expect(world.server.effects).toHaveLength(1);
  });

  it("does not hang on a token provider that hangs", async () => {
    const tab = await world.tab({ tokens: { getToken: () => new Promise(() => undefined) } });
    await press(tab, confirm("a1"));
    await pass(15_500);
    expect(onlyItem(tab)).toMatchObject({ waiting: "network", error: { code: "TIMEOUT" } });
  });

  it("stops connecting when the ticket is refused, and connects when there is a token again", async () => {
    answers = [null];
    const tab = await world.tab({ tokens });
    expect(tab.realtime.state).toBe("closed");
    await pass(120_000, 10_000);
    expect(world.server.sockets).toHaveLength(0);
    answers = ["good"];
    changed.emit(undefined);
    await settle();
    expect(tab.realtime.state).toBe("live");
  });
});
