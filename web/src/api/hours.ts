import { isRecord } from "@/sync";

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof DAYS)[number];

/** The stretches of a day in which the business is open, by the clock on its wall. */
export type Hours = readonly (readonly [from: string, to: string])[];

/** Of every day; one that is not named is closed. */
export function toHours(value: unknown): Readonly<Record<Day, Hours>> {
  const hours = isRecord(value) ? value : {};
  const [mon, tue, wed, thu, fri, sat, sun] = DAYS.map((day) => stretchesOf(hours[day]));
  const none: Hours = [];
  return {
    mon: mon ?? none,
    tue: tue ?? none,
    wed: wed ?? none,
    thu: thu ?? none,
    fri: fri ?? none,
    sat: sat ?? none,
    sun: sun ?? none,
  };
}

function stretchesOf(value: unknown): Hours {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each: unknown): (readonly [string, string])[] =>
    Array.isArray(each) && typeof each[0] === "string" && typeof each[1] === "string"
      ? [[each[0], each[1]]]
      : [],
  );
}

/** Which day of the week `2026-06-01` is. */
export function weekdayOf(day: string): Day {
  const sunday = new Date(`${day}T12:00:00Z`).getUTCDay();
  return DAYS[(sunday + 6) % DAYS.length] ?? "mon";
}
