import { describe, expect, it } from "vitest";

import { eventsOf } from "@/sync/frames";
import { parseFrame } from "@/sync/protocol";

const TABLE = {
  event: { type: "UPDATE", table: "leads", record: { status: "contacted" }, old_record: {} },
  columns: [[["id"], ["record", "id"]], [["version"]], [["record", "notes"]]],
  absent: "~",
  repeated: "^",
  rows: [
    ["l1", 7, "call first"],
    ["l2", "^", "^"],
    ["l3", 8, "~"],
  ],
};

describe("a table in a frame", () => {
  it("is as many events as it has rows, in order", () => {
    expect(eventsOf(TABLE)).toEqual([
      {
        ...TABLE.event,
        id: "l1",
        version: 7,
        record: { status: "contacted", id: "l1", notes: "call first" },
      },
      {
        ...TABLE.event,
        id: "l2",
        version: 7,
        record: { status: "contacted", id: "l2", notes: "call first" },
      },
      { ...TABLE.event, id: "l3", version: 8, record: { status: "contacted", id: "l3" } },
    ]);
  });

  it("leaves what it is made of as it was", () => {
    eventsOf(TABLE);
    expect(TABLE.event.record).toEqual({ status: "contacted" });
  });

  it("stands in a frame beside whole events", () => {
    const whole = { ...TABLE.event, id: "l0", version: 6, record: { id: "l0" } };
    const read = parseFrame(JSON.stringify([whole, TABLE]));
    expect(read.map((each) => each.type === "CHANGE" && each.change.id)).toEqual([
      "l0",
      "l1",
      "l2",
      "l3",
    ]);
  });

  it.each([[null], ["x"], [{ rows: 3 }], [{ rows: [1], columns: [], event: {} }]])(
    "that is none is handed on as it is: %j",
    (item) => {
      expect(eventsOf(item)).toEqual([item]);
    },
  );
});
