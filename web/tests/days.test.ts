import { describe, expect, it, test } from "vitest";

import { dayAt, daysAfter, startOf } from "@/data/days";
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

const CHICAGO = { locale: "en-US", timeZone: "America/Chicago" };

describe("formats", () => {
  it("shows times in the given zone", () => {
    expect(timeOf("2026-06-01T14:30:00Z", CHICAGO).replace(/\s/g, " ")).toBe("9:30 AM");
    expect(timeOf("no time", CHICAGO)).toBe("");
  });

  it("shows phones and names as people write them", () => {
    expect(phoneOf("+13125550142")).toBe("(312) 555-0142");
    expect(phoneOf("+4930901820")).toBe("+4930901820");
    expect(nameOf("anna.berg@shop.example")).toBe("Anna Berg");
    expect(nameOf("@")).toBe("@");
  });
});
