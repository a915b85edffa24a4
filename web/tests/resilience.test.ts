import { beforeEach, describe, expect, it, vi } from "vitest";

import { faults } from "@/sync/faults";
import { Socket, SPREAD_MS } from "@/sync/socket";
import { FakeSocket } from "./support/fake-socket";
import { freezeTime, pass, settle } from "./support/time";
import { frozenWorld, type World } from "./support/world";

describe("resilience of the socket", () => {
  let sockets: FakeSocket[];
  let online: boolean;
  let random: number;
  let addresses: (() => Promise<string | null>)[];
  let socket: Socket;
  beforeEach(() => {
    freezeTime();
    [sockets, online, random, addresses] = [[], true, 1, []];
    socket = new Socket({
      address: () => (addresses.shift() ?? (() => Promise.resolve("ws://localhost/ws")))(),
      open: (url) => {
        const opened = new FakeSocket(url);
        sockets.push(opened);
        return opened;
      },
      random: () => random,
      isOnline: () => online,
    });
    return () => socket.stop();
  });
  const last = (): FakeSocket => {
    const [newest] = sockets.slice(-1);
    if (newest === undefined) throw new Error("No socket was opened");
    return newest;
  };

  it("waits longer and longer, up to half a minute, with jitter", async () => {
    socket.start();
    await settle();
    for (const wait of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
      const before = sockets.length;
      last().break();
      await pass(wait - 1);
      expect(sockets).toHaveLength(before);
      await pass(1);
      expect(sockets).toHaveLength(before + 1);
    }
    random = 0.1;
    last().break();
    await pass(3_000);
    expect(sockets).toHaveLength(9);
  });

  it("goes on waiting longer while the server accepts and drops at once", async () => {
    socket.start();
    await settle();
    for (const wait of [1_000, 2_000, 4_000]) {
      last().accept();
      await pass(4_999);
      const before = sockets.length;
      last().break();
      await pass(wait - 1);
      expect(sockets).toHaveLength(before);
      await pass(1);
    }
  });

  it("starts afresh after a connection that lasted five seconds", async () => {
    socket.start();
    await settle();
    for (let round = 0; round < 5; round += 1) {
      last().break();
      await pass(30_000, 5_000);
    }
    last().accept();
    await pass(5_000);
    const before = sockets.length;
    last().break();
    await pass(SPREAD_MS);
    expect(sockets).toHaveLength(before + 1);
  });

  it("goes on when the ticket cannot be had", async () => {
    addresses = [() => Promise.reject(new Error("503")), () => Promise.reject(new Error("503"))];
    socket.start();
    await settle();
    expect(socket.state).toBe("waiting");
    await pass(3_000);
    expect(sockets).toHaveLength(1);
  });

  it("gives up a socket that does not open within ten seconds", async () => {
    socket.start();
    await pass(11_500);
    expect(sockets).toHaveLength(2);
    expect(sockets[0]?.state).toBe("closed");
  });

  it("ignores a ticket that comes after a newer attempt has begun", async () => {
    let answer: (url: string) => void = () => undefined;
    addresses = [() => new Promise((resolve) => (answer = resolve))];
    socket.start();
    socket.stop();
    socket.start();
    await settle();
    answer("ws://localhost/ws?ticket=stale");
    await settle();
    expect(sockets.map(({ url }) => url)).toEqual(["ws://localhost/ws"]);
  });

  it("ignores what an abandoned socket still says", async () => {
    const heard: unknown[] = [];
    socket.messages.on((message) => heard.push(message));
    socket.start();
    await settle();
    const old = last();
    old.accept();
    const late = old.onmessage;
    old.break();
    late?.({ data: '{"type":"PONG"}' });
    old.onclose?.();
    await pass(1_000);
    expect(heard).toEqual([]);
    expect(sockets).toHaveLength(2);
  });

  it("says offline when the browser does, tries twice a minute, and at once when it is back", async () => {
    socket.start();
    await settle();
    online = false;
    last().break();
    expect(socket.state).toBe("offline");
    await pass(29_999);
    expect(sockets).toHaveLength(1);
    await pass(1);
    expect(sockets).toHaveLength(2);
    last().break();
    online = true;
    socket.wake();
    await settle();
    expect(sockets).toHaveLength(3);
  });

  it("stays closed when it was stopped", async () => {
    socket.start();
    await settle();
    socket.stop();
    socket.wake();
    socket.drop();
    await pass(60_000, 5_000);
    expect(sockets).toHaveLength(1);
    expect(socket.state).toBe("closed");
  });

  it("makes nothing of messages that are none", async () => {
    const heard: unknown[] = [];
    socket.messages.on((message) => heard.push(message));
    socket.start();
    await settle();
    last().accept();
    for (const text of [
      "",
      "{",
      "null",
      "[]",
      "7",
      '{"type":"UPDATE","table":"leads"}',
      '{"message":"Forbidden"}',
    ]) {
      last().say(text);
    }
    expect(heard).toEqual([]);
    expect(socket.state).toBe("open");
  });
});

describe("resilience of the service", () => {
  let world: World;
  beforeEach(() => {
    world = frozenWorld();
    return () => world.end();
  });

  it("tells the other listeners when one of them fails", async () => {
    const report = vi.spyOn(faults, "report").mockReturnValue();
    const tab = await world.tab();
    const heard: string[] = [];
    const broken = new Error("a bug of a page");
    tab.realtime.subscribe("leads", () => {
      throw broken;
    });
    tab.realtime.subscribe("leads", ({ id }) => heard.push(id));
    await settle();
    world.server.commit("leads", "l1", { status: "new" });
    expect(heard).toEqual(["l1"]);
    expect(report).toHaveBeenCalledWith(broken);
  });

  it("is live again after an outage of an hour", async () => {
    const tab = await world.tab();
    tab.realtime.subscribe("leads", () => undefined);
    await settle();
    world.server.down = true;
    world.server.socket.break();
    await pass(3_600_000, 15_000);
    expect(["waiting", "connecting"]).toContain(tab.realtime.state);
    world.server.down = false;
    await pass(31_000, 1_000);
    expect(tab.realtime.state).toBe("live");
  });
});
