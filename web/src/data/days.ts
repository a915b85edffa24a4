/** Calendar days of a time zone. A day is written `2026-06-01`. */

const DAY_MS = 86_400_000;
const HALF_HOUR_MS = 1_800_000;

const parts = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = parts.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  parts.set(timeZone, made);
  return made;
}

/** The day on which an instant falls. */
export function dayAt(instant: number | Date, timeZone: string): string {
  return formatOf(timeZone).format(instant);
}

/** The day that is so many days later, whatever the clocks do. */
export function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The first instant of a day; also where clocks skip midnight. */
export function startOf(day: string, timeZone: string): Date {
  // No zone is more than 14 hours from UTC; offsets are multiples of a quarter of an hour.
  let instant = Date.parse(`${day}T00:00:00Z`) - 15 * 3_600_000;
  while (dayAt(instant, timeZone) < day) instant += HALF_HOUR_MS;
  const quarterEarlier = instant - HALF_HOUR_MS / 2;
  return new Date(dayAt(quarterEarlier, timeZone) === day ? quarterEarlier : instant);
}
