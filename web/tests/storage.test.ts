import { beforeEach, describe, expect, it, vi } from "vitest";

import { Database, OPEN_WITHIN_MS, result } from "@/sync/database";
import { faults } from "@/sync/faults";
import { pass, settle } from "./support/time";
import { confirm, frozenWorld, onlyItem, press, states, type World } from "./support/world";

const TABLE = "appointments";

describe("what the browser keeps", () => {
  let world: World;
  beforeEach(() => {
    world = frozenWorld("a1", "a2");
    vi.spyOn(faults, "report").mockReturnValue();
    return () => world.end();
  });

  /** A browser in which opening the database ends like this. */
  const opening = (open: () => unknown) => ({
    indexedDB: { open } as unknown as IDBFactory,
    locks: null,
  });

  function failing(): { indexedDB: IDBFactory; locks: null } {
    return opening(() => {
      const request = {
        error: new Error("QuotaExceededError"),
        onerror: null as (() => void) | null,
      };
      setImmediate(() => request.onerror?.());
      return request;
    });
  }

  it.each([
    [
      "throws",
      (): never => {
        throw new Error("SecurityError");
      },
    ],
    ["never answers", () => ({})],
  ])("is memory when opening the database %s: the button works", async (_, open) => {
    const tab = world.newTab({ browser: opening(open) });
    tab.realtime.subscribe(TABLE, () => undefined);
    const started = tab.start();
    await pass(OPEN_WITHIN_MS + 500, 500);
    await started;
    const pressed = tab.outbox.enqueue(confirm("a1"));
    await pass(OPEN_WITHIN_MS + 500, 500);
    await pressed;
    await pass(OPEN_WITHIN_MS * 3, 500);
    expect(tab.realtime.state).toBe("live");
    expect(world.server.effects).toHaveLength(1);
    expect(tab.durable).toBe(false);
  });

  it("is memory when opening the database fails, and another tab hears nothing of it", async () => {
    const [broken, whole] = [
      await world.liveTab([TABLE], { browser: failing() }),
      await world.tab(),
    ];
    await world.goOffline();
    await press(broken, confirm("a1"));
    expect(onlyItem(broken)).toMatchObject({ fleeting: true, state: "queued" });
    expect(states(whole)).toEqual([]);
    await world.goOnline();
    await pass(15_000);
    expect(states(broken)).toEqual([]);
    expect(world.server.effects).toHaveLength(1);
  });

  it("sends without Web Locks that refuse", async () => {
    const request = (): Promise<never> => Promise.reject(new DOMException("no", "SecurityError"));
    const tab = await world.tab({ browser: { locks: { request } as unknown as LockManager } });
    await press(tab, confirm("a1"));
    expect(states(tab)).toEqual([]);
    expect(world.server.effects).toHaveLength(1);
  });

  it("goes on with the database of a newer release", async () => {
    const open = world.indexedDB.open("closed-loop", 9);
    open.onupgradeneeded = () => {
      const outbox = open.result.createObjectStore("outbox", {
        keyPath: "seq",
        autoIncrement: true,
      });
      outbox.createIndex("key", "key", { unique: true });
      outbox.createIndex("owner", "owner");
      open.result.createObjectStore("meta");
      open.result
        .createObjectStore("rows", { keyPath: ["owner", "table", "id"] })
        .createIndex("owner", "owner");
    };
    (await result(open)).close();
    const tab = await world.tab();
    await press(tab, confirm("a1"));
    expect(tab.durable).toBe(true);
    expect(world.server.effects).toHaveLength(1);
  });

  it("takes over the queue of the first release", async () => {
    const open = world.indexedDB.open("closed-loop", 1);
    open.onupgradeneeded = () => {
      const outbox = open.result.createObjectStore("outbox", {
        keyPath: "seq",
        autoIncrement: true,
      });
      outbox.createIndex("key", "key", { unique: true });
      outbox.createIndex("owner", "owner");
      open.result.createObjectStore("meta");
      outbox.add({
        endpoint: "/api/bookings/confirm",
        method: "POST",
        body: { appointmentId: "a1" },
        scope: "appointments/a1",
        priority: "NORMAL",
        eventTable: "appointments",
        optimistic: { table: TABLE, id: "a1", fields: { status: "confirmed" } },
        key: "an-old-key",
        owner: "org-1/u-anna",
        state: "queued",
        waiting: "turn",
        attempt: 0,
        createdAt: 0,
        firstSentAt: null,
        lastSentAt: null,
        nextAttemptAt: 0,
        notBefore: 0,
        error: null,
        rev: 0,
      });
    };
    (await result(open)).close();
    await world.tab();
    expect(world.server.presses).toMatchObject([{ key: "an-old-key" }]);
  });

  it("leaves to a newer release what only that can read", async () => {
    const database = new Database(world.indexedDB);
    await database.run("outbox", "readwrite", async (store) => {
      await result(store.add({ format: 3, key: "k", owner: "org-1/u-anna" }));
    });
    const tab = await world.tab();
    await press(tab, confirm("a1"));
    expect(world.server.presses).toHaveLength(1);
    const left = await database.run("outbox", "readonly", (store) => result(store.count()));
    expect(left).toBe(1);
  });

  it("makes way for a page that brings a newer schema", async () => {
    await world.tab();
    const open = world.indexedDB.open("closed-loop", 7);
    await expect(result(open)).resolves.toBeDefined();
  });
});

describe("rows", () => {
  let world: World;
  beforeEach(() => {
    world = frozenWorld("a1");
    return () => world.end();
  });

  const shown = (tab: { rows: { rows: (table: string) => readonly { id: string }[] } }): string[] =>
    tab.rows.rows(TABLE).map(({ id }) => id);

  it("are there on a new page without the server", async () => {
    const first = await world.liveTab();
    world.server.commit(TABLE, "a2", { status: "pending", notes: "kept" });
    first.kept.noteRead("appointments:today", 1_000);
    await pass(1_000);
    first.stop();
    await settle();
    world.server.down = true;
    const second = await world.liveTab();
    expect(second.rows.get(TABLE, "a2")).toMatchObject({ row: { notes: "kept" } });
    expect(second.kept.readAt("appointments:today")).toBe(1_000);
    expect(second.kept.readAt("appointments:tomorrow")).toBeNull();
  });

  it("give way to what the server says: newer, or gone", async () => {
    const first = await world.liveTab();
    world.server.commit(TABLE, "a2", { status: "pending" });
    world.server.commit(TABLE, "a3", { status: "pending" });
    await pass(1_000);
    first.stop();
    await settle();
    world.server.log.length = 0;
    world.server.commit(TABLE, "a2", { status: "cancelled" });
    const second = await world.liveTab();
    expect(second.rows.get(TABLE, "a2")).toMatchObject({ row: { status: "cancelled" } });
    second.rows.mergeList({
      table: TABLE,
      rows: [],
      generation: second.rows.generation,
      covers: ({ id }) => id === "a3",
    });
    expect(shown(second)).not.toContain("a3");
  });

  it("are never shown to somebody else, and leave at sign-out in every tab", async () => {
    const mine = await world.liveTab();
    const other = await world.liveTab();
    world.server.commit(TABLE, "a2", { status: "pending" });
    await pass(1_000);
    let told = 0;
    other.signedOut.on(() => (told += 1));
    await mine.signOut();
    await settle();
    expect(told).toBe(1);
    expect(shown(other)).toEqual([]);
    expect(other.realtime.state).toBe("closed");
    await expect(other.outbox.enqueue(confirm("a1"))).rejects.toMatchObject({
      reason: { code: "SIGNED_OUT" },
    });
    world.server.down = true;
    expect(shown(await world.liveTab())).toEqual([]);
  });

  it("are written before the cursor that is behind them", async () => {
    const tab = await world.liveTab();
    const database = new Database(world.indexedDB);
    world.server.autoPush = false;
    const change = world.server.commit(TABLE, "a1", { notes: "new" });
    tab.realtime.refresh();
    await settle(200);
    const [row, cursor] = [
      await database.run("rows", "readonly", (store) =>
        result(store.get(["org-1/u-anna", TABLE, "a1"]) as IDBRequest<{ row: unknown }>),
      ),
      await database.run("meta", "readonly", (store) =>
        result(store.get("cursor:org-1/u-anna") as IDBRequest<unknown>),
      ),
    ];
    expect(cursor).toBe(change.cursor);
    expect(row.row).toMatchObject({ notes: "new" });
  });
});
