import { describe, expect, it, test } from "vitest";

import { agendaOf, isToConfirm } from "@/features/today/agenda";
import { dayAt, daysAfter, startOf } from "@/features/today/days";
import type { RowView } from "@/sync";
import { nameOf, phoneOf, timeOf } from "@/ui/format";

describe("days of a time zone", () => {
  test.each([
    ["2026-06-01", "UTC", "2026-06-01T00:00:00.000Z"],
    ["2026-06-01", "America/Chicago", "2026-06-01T05:00:00.000Z"],
    ["2026-01-01", "America/Chicago", "2026-01-01T06:00:00.000Z"],
    // The days on which the clocks change, and the days after.
    ["2026-03-08", "America/Chicago", "2026-03-08T06:00:00.000Z"],
    ["2026-03-09", "America/Chicago", "2026-03-09T05:00:00.000Z"],
    ["2026-11-01", "America/Chicago", "2026-11-01T05:00:00.000Z"],
    ["2026-11-02", "America/Chicago", "2026-11-02T06:00:00.000Z"],
    ["2026-06-01", "Asia/Kathmandu", "2026-05-31T18:15:00.000Z"],
    ["2026-06-01", "Pacific/Kiritimati", "2026-05-31T10:00:00.000Z"],
    ["2026-06-01", "Pacific/Pago_Pago", "2026-06-01T11:00:00.000Z"],
    // Here the clocks skip midnight: the day begins at one.
    ["2026-04-24", "Africa/Cairo", "2026-04-23T22:00:00.000Z"],
  ])("%s in %s begins at %s", (day, zone, instant) => {
    expect(startOf(day, zone).toISOString()).toBe(instant);
    expect(dayAt(startOf(day, zone), zone)).toBe(day);
    expect(dayAt(startOf(day, zone).getTime() - 1, zone) < day).toBe(true);
  });

  it("counts days over the ends of months and years", () => {
    expect(daysAfter("2026-12-31", 1)).toBe("2027-01-01");
    expect(daysAfter("2028-02-28", 1)).toBe("2028-02-29");
    expect(daysAfter("2026-03-07", 2)).toBe("2026-03-09");
  });
});

describe("agenda", () => {
  const view = (id: string, start: string, status = "pending", tentative = false): RowView => ({
    id,
    tentative,
    row: { id, start, end: start, status },
  });
  const range = { from: new Date("2026-06-01T05:00:00Z"), to: new Date("2026-06-03T05:00:00Z") };

  it("groups by the day of the zone, earliest first, and leaves out what is not of the range", () => {
    const views = [
      view("late", "2026-06-02T02:00:00Z"),
      view("next", "2026-06-02T14:00:00Z"),
      view("early", "2026-06-01T13:00:00Z"),
      view("before", "2026-06-01T04:59:59Z"),
      view("after", "2026-06-03T05:00:00Z"),
      { id: "part", tentative: false, row: { id: "part", status: "confirmed" } },
    ];
    const agenda = agendaOf(views, range, "America/Chicago");
    expect(
      agenda.map(({ day, entries }) => [day, entries.map(({ appointment }) => appointment.id)]),
    ).toEqual([
      ["2026-06-01", ["early", "late"]],
      ["2026-06-02", ["next"]],
    ]);
  });

  it("keeps the button as long as the confirmation is only expected", () => {
    const agenda = agendaOf(
      [
        view("a", "2026-06-01T13:00:00Z"),
        view("b", "2026-06-01T14:00:00Z", "confirmed", true),
        view("c", "2026-06-01T15:00:00Z", "confirmed"),
        view("d", "2026-06-01T16:00:00Z", "cancelled"),
      ],
      range,
      "America/Chicago",
    );
    expect(agenda[0]?.entries.map(isToConfirm)).toEqual([true, true, false, false]);
  });
});

describe("formats", () => {
  it("shows times in the given zone", () => {
    expect(timeOf("2026-06-01T14:30:00Z", "America/Chicago").replace(/\s/g, " ")).toBe("9:30 AM");
  });

  it("shows phones and names as people write them", () => {
    expect(phoneOf("+13125550142")).toBe("(312) 555-0142");
    expect(phoneOf("+4930901820")).toBe("+4930901820");
    expect(nameOf("anna.berg@shop.example")).toBe("Anna Berg");
    expect(nameOf("@")).toBe("@");
  });
});
