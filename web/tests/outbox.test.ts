import { beforeEach, describe, expect, it, vi } from "vitest";

import { Database } from "@/sync/database";
import { faults } from "@/sync/faults";
import type { OutboxItem } from "@/sync/outbox-item";
import { IndexedOutboxStore } from "@/sync/outbox-store";
import { BEN } from "./support/fake-types";
import { confirm, frozenWorld, onlyItem, press, states, type World } from "./support/world";

describe("outbox", () => {
  let world: World;
  beforeEach(() => {
    world = frozenWorld("a1", "a2", "a3");
    return () => world.end();
  });

  it("stores the item with its key before the first request", async () => {
    const database = new IndexedOutboxStore(new Database(world.indexedDB));
    const stored: OutboxItem[] = [];
    const tab = await world.tab({
      browser: {
        fetch: async (...request) => {
          if ((request[0] as string).includes("confirm"))
            stored.push(...(await database.list("org-1/u-anna")));
          return world.server.fetch(...request);
        },
      },
    });
    await press(tab, confirm("a1"));
    expect(stored).toMatchObject([{ key: world.server.presses[0]?.key, state: "sending" }]);
  });

  it("sends the key, the token and the body as JSON", async () => {
    const tab = await world.tab();
    await press(tab, confirm("a1"));
    expect(world.server.presses).toEqual([
      {
        method: "POST",
        path: "/api/bookings/confirm",
        key: world.keys.at(-1),
        token: "token-u-anna",
        body: { appointmentId: "a1" },
      },
    ]);
  });

  it("sends what cannot be stored all the same, and says that a reload would lose it", async () => {
    vi.spyOn(faults, "report").mockReturnValue();
    const open = (): never => {
      throw new Error("disk full");
    };
    const tab = await world.tab({ browser: { indexedDB: { open } as unknown as IDBFactory } });
    await press(tab, confirm("a1"));
    expect(tab.durable).toBe(false);
    expect(world.server.effects).toHaveLength(1);
    expect(states(tab)).toEqual([]);
  });

  it("forgets an item that is done and remembers how it ended", async () => {
    const tab = await world.tab();
    const { key } = await press(tab, confirm("a1"));
    expect(states(tab)).toEqual([]);
    expect(tab.outbox.snapshot.settled.get(key)).toMatchObject({
      status: "done",
      via: "answer",
      replayed: false,
    });
  });

  it("keeps a refused item, with the server's word, until the person has read it", async () => {
    const tab = await world.tab();
    const { key } = await press(tab, confirm("missing"));
    expect(onlyItem(tab)).toMatchObject({
      state: "rejected",
      error: { code: "NOT_FOUND", message: "No such appointment", status: 404, requestId: "r-1" },
    });
    const reloaded = await world.tab();
    expect(states(reloaded)).toEqual(["rejected"]);
    await tab.outbox.discard(key);
    expect(states(tab)).toEqual([]);
    expect(tab.outbox.snapshot.settled.get(key)).toMatchObject({ status: "rejected" });
  });

  it("takes 200 items and no more", async () => {
    await world.goOffline();
    const tab = await world.tab();
    for (let number = 0; number < 200; number += 1) await tab.outbox.enqueue(confirm("a1"));
    await expect(tab.outbox.enqueue(confirm("a1"))).rejects.toMatchObject({
      reason: { code: "QUEUE_FULL" },
    });
  });

  it("removes everything of the person at sign-out and takes nothing more", async () => {
    await world.goOffline();
    const tab = await world.tab();
    await press(tab, confirm("a1"));
    await tab.signOut();
    expect(states(tab)).toEqual([]);
    await expect(tab.outbox.enqueue(confirm("a2"))).rejects.toMatchObject({
      reason: { code: "SIGNED_OUT" },
    });
    await world.goOnline();
    const again = await world.tab();
    expect(states(again)).toEqual([]);
    expect(world.server.presses).toEqual([]);
  });

  it("never sends the items of another person, nor shows them", async () => {
    await world.goOffline();
    const anna = await world.tab();
    await press(anna, confirm("a1"));
    anna.stop();
    await world.goOnline();
    const ben = await world.tab({ user: BEN });
    expect(states(ben)).toEqual([]);
    const elsewhere = await world.tab({ orgId: "org-2" });
    expect(states(elsewhere)).toEqual([]);
    expect(world.server.presses).toEqual([]);
    await world.tab();
    expect(world.server.presses).toMatchObject([{ token: "token-u-anna" }]);
  });

  it("gives a second press a key of its own", async () => {
    const tab = await world.tab();
    const first = await tab.outbox.enqueue(confirm("a1"));
    const second = await tab.outbox.enqueue(confirm("a2"));
    expect(first.key).not.toBe(second.key);
  });

  it("works without a database, as long as the page lives", async () => {
    const tab = await world.tab({ browser: { indexedDB: null } });
    expect(tab.durable).toBe(false);
    await press(tab, confirm("a1"));
    expect(world.server.row("appointments", "a1")).toMatchObject({ status: "confirmed" });
    expect(states(tab)).toEqual([]);
  });
});
