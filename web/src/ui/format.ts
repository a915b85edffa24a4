/** Times, phones and names as people read them. */

import { messages } from "./messages";

const formats = new Map<string, Intl.DateTimeFormat>();

function format(
  instant: string | number | Date,
  timeZone: string,
  options: Intl.DateTimeFormatOptions,
): string {
  const key = timeZone + JSON.stringify(options);
  const known =
    formats.get(key) ?? new Intl.DateTimeFormat(messages.locale, { timeZone, ...options });
  formats.set(key, known);
  return known.format(new Date(instant));
}

/** 9:30 AM */
export function timeOf(instant: string | number | Date, timeZone: string): string {
  return format(instant, timeZone, { hour: "numeric", minute: "2-digit" });
}

/** Monday, June 1 */
export function dayOf(instant: string | number | Date, timeZone: string): string {
  return format(instant, timeZone, { weekday: "long", month: "long", day: "numeric" });
}

/** Mon, Jun 1 */
export function shortDayOf(instant: string | number | Date, timeZone: string): string {
  return format(instant, timeZone, { weekday: "short", month: "short", day: "numeric" });
}

/** Mon */
export function weekdayOf(instant: string | number | Date, timeZone: string): string {
  return format(instant, timeZone, { weekday: "short" });
}

/** Jun 1, 9:30 AM */
export function momentOf(instant: string | number | Date, timeZone: string): string {
  return format(instant, timeZone, {
    month: "short",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
  });
}

/** CDT, or GMT+2 where there is no short name. */
export function zoneNameOf(instant: number | Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat(messages.locale, {
    timeZone,
    timeZoneName: "short",
  }).formatToParts(instant);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? timeZone;
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
