/** Times, phones, money and names as people read them. */

const formats = new Map<string, Intl.DateTimeFormat>();

/** How a person reads times: their language, and the clock of the business. */
export interface Clock {
  readonly locale: string;
  readonly timeZone: string;
}

type Instant = string | number | Date;

function format(instant: Instant, clock: Clock, options: Intl.DateTimeFormatOptions): string {
  const key = clock.locale + clock.timeZone + JSON.stringify(options);
  const known =
    formats.get(key) ??
    new Intl.DateTimeFormat(clock.locale, { timeZone: clock.timeZone, ...options });
  formats.set(key, known);
  const at = new Date(instant);
  // Rather an empty place than a page that breaks.
  return Number.isNaN(at.getTime()) ? "" : known.format(at);
}

/** 9:30 AM */
export function timeOf(instant: Instant, clock: Clock): string {
  return format(instant, clock, { hour: "numeric", minute: "2-digit" });
}

/** Monday, June 1 */
export function dayOf(instant: Instant, clock: Clock): string {
  return format(instant, clock, { weekday: "long", month: "long", day: "numeric" });
}

/** Mon, Jun 1 */
export function shortDayOf(instant: Instant, clock: Clock): string {
  return format(instant, clock, { weekday: "short", month: "short", day: "numeric" });
}

/** Mon */
export function weekdayOf(instant: Instant, clock: Clock): string {
  return format(instant, clock, { weekday: "short" });
}

/** Jun 1 */
export function dateOf(instant: Instant, clock: Clock): string {
  return format(instant, clock, { month: "short", day: "numeric" });
}

/** Jun 1, 9:30 AM */
export function momentOf(instant: Instant, clock: Clock): string {
  return format(instant, clock, {
    month: "short",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
  });
}

/** CDT, or GMT+2 where there is no short name. */
export function zoneNameOf(instant: number | Date, { locale, timeZone }: Clock): string {
  const parts = new Intl.DateTimeFormat(locale, {
    timeZone,
    timeZoneName: "short",
  }).formatToParts(instant);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? timeZone;
}

/** $1,250 */
export function moneyOf(cents: number, locale: string, currency: string): string {
  return new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    maximumFractionDigits: cents % 100 === 0 ? 0 : 2,
  }).format(cents / 100);
}

/** +13125550142 as (312) 555-0142; numbers of other countries as they are. */
export function phoneOf(e164: string): string {
  const match = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(e164);
  return match === null ? e164 : `(${String(match[1])}) ${String(match[2])}-${String(match[3])}`;
}

/** A name for an email address: kenji.watanabe@shop.example is Kenji Watanabe. */
export function nameOf(email: string): string {
  const words = (email.split("@")[0] ?? "").split(/[._+-]+/).filter((word) => word !== "");
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(" ") || email;
}

/** At most two letters of a name. */
export function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => /\p{L}/u.test(word));
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined];
  return letters.map((word) => word?.charAt(0).toUpperCase() ?? "").join("") || "#";
}
