import { momentOf, type Clock } from "@/ui/format";

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** A value of a row as a table shows it; a moment by the clock of the business, where one is given. */
export function shownValue(value: unknown, clock?: Clock): string {
  if (clock !== undefined && typeof value === "string" && MOMENT.test(value))
    return momentOf(value, clock);
  if (value === undefined || value === null || value === "") return "–";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** appointmentTime is "appointment time". */
export function wordsOf(name: unknown): string {
  return String(name)
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replaceAll("_", " ")
    .toLowerCase();
}
