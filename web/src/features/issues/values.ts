/** A value of a row as a table shows it. */
export function shownValue(value: unknown): string {
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
