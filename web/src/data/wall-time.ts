/** Between instants and what the clock on the wall of the business shows. */

const MINUTE_MS = 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  formats.set(timeZone, made);
  return made;
}

/** What the clock shows at an instant: `{ day: "2026-06-01", minutes: 570 }` is 9:30. */
export function wallTime(
  instant: number | string,
  timeZone: string,
): { readonly day: string; readonly minutes: number } {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(new Date(instant))
      .map(({ type, value }) => [type, value]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes): string => parts.get(name) ?? "00";
  return {
    day: `${part("year")}-${part("month")}-${part("day")}`,
    minutes: Number(part("hour")) * 60 + Number(part("minute")),
  };
}

/** The instant at which the clock shows this; where clocks skip it, the moment they go on. */
export function instantOf(day: string, minutes: number, timeZone: string): Date {
  const wanted = Date.parse(`${day}T00:00:00Z`) + minutes * MINUTE_MS;
  let guess = wanted;
  // The offset of the guess, then that of the better guess: two steps reach it across any change.
  for (let step = 0; step < 2; step += 1) {
    const shown = wallTime(guess, timeZone);
    const at = Date.parse(`${shown.day}T00:00:00Z`) + shown.minutes * MINUTE_MS;
    guess += wanted - at;
  }
  return new Date(guess);
}

/** 570 is 09:30, as time fields want it. */
export function clockText(minutes: number): string {
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** 09:30 is 570; null for what is none. */
export function minutesOf(text: string): number | null {
  const match = /^(\d{1,2}):(\d{2})/.exec(text);
  return match === null ? null : Number(match[1]) * 60 + Number(match[2]);
}
