/** How long to wait before the next attempt. */

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;
/** Nothing asks for longer: after a day the server has forgotten the key. */
const LONGEST_ASKED_MS = 24 * 3_600_000;

/** At most this many attempts in one online spell. */
export const MAX_ATTEMPTS = 5;

/** Full jitter: anywhere from nothing to 1, 2, 4 ... 30 seconds after the 1st, 2nd, 3rd attempt. */
export function backoffMs(attempt: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, attempt - 1));
  return Math.round(random() * ceiling);
}

/** The wait that a `Retry-After` header asks for, in seconds or as a date; null without one. */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  const asked = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  if (Number.isNaN(asked)) return null;
  return Math.min(LONGEST_ASKED_MS, Math.max(0, asked));
}
