import { beforeEach, describe, expect, it, test } from "vitest";

import type { ChangeEvent, Row } from "@/sync/protocol";
import { RowStore, type ListRead } from "@/sync/row-store";
import { rowsIn } from "@/sync/rows";

const T = "appointments";

function change(id: string, version: number, fields: Row | null): ChangeEvent {
  return {
    type: fields === null ? "DELETE" : "UPDATE",
    table: T,
    id,
    record: fields === null ? null : { ...fields, id, version },
    old_record: null,
    version,
    cursor: null,
    commit_timestamp: null,
    actor: null,
    idempotency_key: null,
  };
}

describe("merge", () => {
  let store: RowStore;
  beforeEach(() => {
    store = new RowStore();
  });

  const list = (rows: Row[], more: Partial<ListRead> = {}): void =>
    store.mergeList({ table: T, rows, generation: store.generation, covers: () => true, ...more });
  const shown = (): Row[] => store.rows(T).map(({ row }) => row);

  it("takes newer changes and drops older ones and repeats", () => {
    expect(store.apply(change("a", 2, { status: "pending" }))).toEqual({
      fresh: true,
      previous: null,
    });
    expect(store.apply(change("a", 1, { status: "old" })).fresh).toBe(false);
    expect(store.apply(change("a", 2, { status: "again" })).fresh).toBe(false);
    expect(store.apply(change("a", 3, { status: "confirmed" }))).toMatchObject({
      fresh: true,
      previous: { status: "pending" },
    });
    expect(shown()).toEqual([{ id: "a", version: 3, status: "confirmed" }]);
  });

  it("does not bring a deleted row back with older news, of any kind", () => {
    store.apply(change("a", 2, { status: "pending" }));
    store.apply(change("a", 5, null));
    store.apply(change("a", 4, { status: "confirmed" }));
    list([{ id: "a", version: 4, status: "confirmed" }]);
    store.mergeFound([{ table: T, row: { id: "a", version: 4 } }]);
    store.mergeFound([{ table: T, row: { id: "a", status: "confirmed" } }]);
    expect(shown()).toEqual([]);
    store.apply(change("a", 6, { status: "pending" }));
    expect(shown()).toHaveLength(1);
  });

  it("does not let a stale list overwrite what the socket delivered", () => {
    store.apply(change("a", 7, { status: "confirmed" }));
    list([
      { id: "a", version: 6, status: "pending" },
      { id: "b", version: 3, status: "pending" },
    ]);
    expect(shown()).toEqual([
      { id: "a", version: 7, status: "confirmed" },
      { id: "b", version: 3, status: "pending" },
    ]);
  });

  it("keeps a row that a list lacks, as long as no change can have been missed", () => {
    store.apply(change("a", 7, { status: "confirmed" }));
    list([]);
    expect(shown()).toHaveLength(1);
  });

  it("drops a row that a list lacks once changes were missed, where the list would have had it", () => {
    store.apply(change("a", 7, { day: 1 }));
    store.apply(change("b", 8, { day: 2 }));
    store.startGeneration();
    store.apply(change("c", 9, { day: 1 }));
    list([], { covers: (row) => row.day === 1 });
    expect(shown().map(({ id }) => id)).toEqual(["b", "c"]);
  });

  it("drops nothing by a list that was read before changes were missed", () => {
    store.apply(change("a", 7, {}));
    const { generation } = store;
    store.startGeneration();
    list([], { generation });
    expect(shown()).toHaveLength(1);
  });

  it("makes nothing of a list that was overtaken by one read after changes were missed", () => {
    const { generation } = store;
    store.startGeneration();
    list([]);
    list([{ id: "ghost", version: 9 }], { generation });
    expect(shown()).toEqual([]);
  });

  it("adds the fields of an answer to the row, and takes the whole row of the same version later", () => {
    store.apply(change("a", 1, { status: "pending", notes: "x" }));
    store.mergeFound([{ table: T, row: { id: "a", version: 2, status: "confirmed" } }]);
    expect(shown()).toEqual([{ id: "a", version: 2, status: "confirmed", notes: "x" }]);
    expect(store.apply(change("a", 2, { status: "confirmed", notes: "y" })).fresh).toBe(true);
    expect(shown()).toEqual([{ id: "a", version: 2, status: "confirmed", notes: "y" }]);
    store.mergeFound([{ table: T, row: { id: "a", version: 2, status: "confirmed", notes: "z" } }]);
    expect(shown()).toMatchObject([{ notes: "y" }]);
  });

  it("takes an answer without a version for what it says, until there is a newer version", () => {
    store.apply(change("a", 1, { status: "pending" }));
    store.mergeFound([{ table: T, row: { id: "a", status: "confirmed" } }]);
    list([{ id: "a", version: 1, status: "pending" }]);
    expect(shown()).toMatchObject([{ status: "confirmed", version: 1 }]);
    store.apply(change("a", 2, { status: "cancelled" }));
    expect(shown()).toMatchObject([{ status: "cancelled" }]);
  });

  it("shows what is expected, and takes it back", () => {
    store.apply(change("a", 1, { status: "pending" }));
    store.setOverlays([{ table: T, id: "a", fields: { status: "confirmed" } }]);
    expect(store.get(T, "a")).toMatchObject({
      row: { status: "confirmed", version: 1 },
      tentative: true,
    });
    expect(store.confirmed(T, "a")).toMatchObject({ status: "pending" });
    store.setOverlays([]);
    expect(store.get(T, "a")).toMatchObject({ row: { status: "pending" }, tentative: false });
  });

  it("shows what is expected on top of what arrives meanwhile", () => {
    store.apply(change("a", 1, { status: "pending" }));
    store.setOverlays([{ table: T, id: "a", fields: { status: "confirmed" } }]);
    store.apply(change("a", 2, { status: "pending", notes: "call first" }));
    expect(store.get(T, "a")?.row).toMatchObject({ status: "confirmed", notes: "call first" });
  });

  it("gives the same objects until something changes, and tells only then", () => {
    store.apply(change("a", 1, {}));
    store.apply(change("b", 1, {}));
    const [a] = store.rows(T);
    expect(store.rows(T)).toBe(store.rows(T));
    let told = 0;
    store.changes.on(() => (told += 1));
    store.apply(change("b", 1, {}));
    list([{ id: "a", version: 1 }]);
    expect(told).toBe(0);
    list([
      { id: "b", version: 2 },
      { id: "c", version: 2 },
    ]);
    expect(told).toBe(1);
    expect(store.rows(T)[0]).toBe(a);
  });

  test.each([
    [{ success: true, appointment: { id: "a", version: 1 } }, [["appointments", "a"]]],
    [
      { success: false, code: "ALREADY_CONFIRMED", appointment: { id: "a" } },
      [["appointments", "a"]],
    ],
    [{ success: true, sms: { id: "s" } }, [["sms_logs", "s"]]],
    [
      { success: true, leads: [{ id: "l1" }, { id: "l2" }, "l3"] },
      [
        ["leads", "l1"],
        ["leads", "l2"],
      ],
    ],
    [{ success: true, hold: { id: "h" }, lead: "l", call: null }, []],
    [undefined, []],
  ])("finds the rows of %o", (body, found) => {
    expect(rowsIn(body).map(({ table, row }) => [table, row.id])).toEqual(found);
  });
});
