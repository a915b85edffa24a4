import { useSyncExternalStore } from "react";

import { rememberAs, remembered } from "./safe-storage";

export type Theme = "light" | "dark" | "system";

const NAME = "closed-loop:theme";
const listeners = new Set<() => void>();

function read(): Theme {
  const theme = remembered("local", NAME);
  return theme === "light" || theme === "dark" ? theme : "system";
}

/** Shows the page in the chosen scheme; `system` leaves it to the browser. */
export function applyTheme(theme: Theme = read()): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function chooseTheme(theme: Theme): void {
  rememberAs("local", NAME, theme === "system" ? null : theme);
  applyTheme(theme);
  listeners.forEach((listener) => listener());
}

export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, read);
}
