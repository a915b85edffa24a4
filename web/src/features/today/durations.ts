import type { Messages } from "@/ui/messages";

const MINUTE_MS = 60_000;

/** How many minutes lie between two instants. */
export function durationOf(start: string, end: string): number {
  return Math.round((Date.parse(end) - Date.parse(start)) / MINUTE_MS);
}

/** "in 2 h" for what begins today, "under way", or nothing for what is over. */
export function untilOf({ today }: Messages, start: string, end: string, now: number): string {
  const minutes = Math.ceil((Date.parse(start) - now) / MINUTE_MS);
  if (minutes > 0)
    return today.in(
      minutes < 60 ? `${String(minutes)} min` : `${String(Math.round(minutes / 60))} h`,
    );
  return Date.parse(end) > now ? today.started : "";
}
