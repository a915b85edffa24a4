import { createContext, useContext } from "react";

import type { SyncError } from "@/sync";

/** What the server has refused of the settings; null while nothing is known to be wrong. */
export const Refused = createContext<SyncError | null>(null);

/** Of what is wrong: with the setting alone, also with its parts, or also with what it is a part of. */
export type Reach = "alone" | "below" | "around";

/** What is wrong with a setting, or with a part of it: `limits.codes_per_day`, `services.0`. */
export function useWrong(path: string, reach: Reach = "below"): string | null {
  const fields = useContext(Refused)?.fields ?? [];
  const isAbout = (at: string): boolean =>
    at === path ||
    (reach !== "alone" && at.startsWith(`${path}.`)) ||
    (reach === "around" && path.startsWith(`${at}.`));
  const found = fields.filter(({ path: at }) => isAbout(at));
  return found.length === 0 ? null : found.map(({ message }) => message).join(" ");
}
