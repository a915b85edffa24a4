import { createContext, useContext } from "react";

import type { SyncError } from "@/sync";

/** What the server has refused of the settings; null while nothing is known to be wrong. */
export const Refused = createContext<SyncError | null>(null);

/** What is wrong with a setting, or with a part of it: `limits.codes_per_day`, `services.0`. */
export function useWrong(path: string): string | null {
  const fields = useContext(Refused)?.fields ?? [];
  const found = fields.filter(({ path: at }) => at === path || at.startsWith(`${path}.`));
  return found.length === 0 ? null : found.map(({ message }) => message).join(" ");
}
