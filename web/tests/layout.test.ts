import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

import { segmentsOf } from "@/api/segments";
import { filled } from "@/api/templates";
import { movesFrom } from "@/api/persons";
import { instantOf, wallTime } from "@/data/wall-time";
import { placed } from "@/features/calendar/layout";

const ZONE = "America/Chicago";

describe("the calendar", () => {
  const spans = fc.array(
    fc.record({
      from: fc.integer({ min: 0, max: 1_300 }),
      length: fc.integer({ min: 1, max: 400 }),
    }),
    { maxLength: 14 },
  );

  it("never lays two boxes upon each other, and gives the whole width to whom nobody overlaps", () => {
    fc.assert(
      fc.property(spans, (list) => {
        const items = list.map(({ from, length }, index) => ({
          id: String(index),
          from,
          to: from + length,
        }));
        const boxes = placed(items);
        expect(boxes).toHaveLength(items.length);
        for (const a of boxes) {
          const overlapping = boxes.filter(
            (b) => b !== a && a.item.from < b.item.to && b.item.from < a.item.to,
          );
          for (const b of overlapping) {
            expect(b.lanes).toBe(a.lanes);
            expect(b.lane).not.toBe(a.lane);
          }
          expect(a.lane).toBeLessThan(a.lanes);
        }
      }),
    );
  });

  it("leaves ends that only touch beside nobody", () => {
    const boxes = placed([
      { id: "a", from: 60, to: 120 },
      { id: "b", from: 120, to: 180 },
    ]);
    expect(boxes.map(({ lanes }) => lanes)).toEqual([1, 1]);
  });

  it.each([
    // The clocks go forward on the 8th and back on the 1st of November, at two.
    ["2026-03-08", 7 * 60, "2026-03-08T12:00:00.000Z"],
    ["2026-03-08", 60, "2026-03-08T07:00:00.000Z"],
    ["2026-11-01", 7 * 60, "2026-11-01T13:00:00.000Z"],
    ["2026-06-01", 9 * 60 + 30, "2026-06-01T14:30:00.000Z"],
  ])("knows the instant at which the clock shows %s + %i min", (day, minutes, instant) => {
    expect(instantOf(day, minutes, ZONE).toISOString()).toBe(instant);
    expect(wallTime(instant, ZONE)).toEqual({ day, minutes });
  });

  it("goes on with the clock where it skips an hour", () => {
    expect(wallTime(instantOf("2026-03-08", 150, ZONE).getTime(), ZONE).day).toBe("2026-03-08");
  });
});

describe("texts", () => {
  it.each([
    ["a".repeat(160), 1],
    ["a".repeat(161), 2],
    ["a".repeat(306), 2],
    ["a".repeat(307), 3],
    ["€".repeat(80), 1],
    ["€".repeat(81), 2],
    ["ñ".repeat(160), 1],
    ["á".repeat(70), 1],
    ["á".repeat(71), 2],
    ["😀".repeat(35), 1],
    ["😀".repeat(36), 2],
    ["😀".repeat(67), 3],
    ["", 0],
  ])("%s: as the carriers count", (text, segments) => {
    expect(segmentsOf(text).segments).toBe(segments);
  });

  it("names the character that makes a text dear", () => {
    expect(segmentsOf("Cita a las 9, ¿sí?").special).toBe("í");
    expect(segmentsOf("Hello [you]").special).toBeNull();
  });

  it("says which gaps of a template are empty, blanks included", () => {
    const template = {
      id: "t",
      text: "Hi {firstName}, {date}!",
      variables: ["firstName", "date"],
      category: "reply",
    };
    expect(filled(template, { firstName: "Ana", date: " " })).toEqual({
      text: "Hi Ana, {date}!",
      missing: ["date"],
    });
    expect(filled(template, { firstName: "{{x}}", date: "$&" }).text).toBe("Hi {{x}}, $&!");
  });
});

describe("leads", () => {
  it("may go from open to anywhere, from lost to open, from won nowhere", () => {
    expect(movesFrom("new")).toEqual([
      "contacted",
      "qualified",
      "proposal_sent",
      "negotiating",
      "won",
      "lost",
    ]);
    expect(movesFrom("lost")).not.toContain("won");
    expect(movesFrom("won")).toEqual([]);
  });
});

describe("colours", () => {
  const css = readFileSync(new URL("../src/ui/styles/tokens.css", import.meta.url), "utf8");
  const [light = "", , dark = ""] = css.split(/:root[^{]*\{/).slice(1);
  const schemes: Record<string, string> = { light, dark };

  function ratio(scheme: string, one: string, other: string): number {
    const [a = 0, b = 0] = [one, other].map((name) => {
      const hex = new RegExp(`--cl-${name}: #(\\w{6})`).exec(schemes[scheme] ?? "")?.[1] ?? "";
      const [r = 0, g = 0, blue = 0] = [0, 2, 4]
        .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
        .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * blue;
    });
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }

  const HUES = ["blue", "yellow", "green", "purple", "orange", "red", "teal", "gray"];
  const PAIRS: [string, string][] = [
    ...["page", "surface", "rail", "hover", "raised", "flash"].flatMap(
      (ground): [string, string][] => [
        ["text", ground],
        ["soft", ground],
      ],
    ),
    ["accent-text", "surface"],
    ["accent-text", "accent-soft"],
    ["on-accent", "accent"],
    ["on-accent", "accent-strong"],
    ["on-danger", "danger"],
    ["on-danger", "danger-strong"],
    ["danger-text", "danger-soft"],
    ["danger-text", "surface"],
    ["warn-text", "warn-soft"],
    ...HUES.map((hue): [string, string] => [`${hue}-text`, `${hue}-soft`]),
  ];

  it.each(["light", "dark"])("can be read in the %s scheme", (scheme) => {
    const faint = PAIRS.filter(([ink, ground]) => !(ratio(scheme, ink, ground) >= 4.5));
    expect(faint).toEqual([]);
    expect(ratio(scheme, "line-strong", "surface")).toBeGreaterThanOrEqual(3);
    expect(ratio(scheme, "focus", "surface")).toBeGreaterThanOrEqual(3);
  });
});
