import { useEffect, useRef, useSyncExternalStore } from "react";
import { useLocation } from "wouter";

import { rememberAs, remembered } from "../safe-storage";
import { usePages } from "./nav";

const OFF = "closed-loop:no-single-keys";
/** The second key of a pair comes within this. */
const PAIR_MS = 1_200;
const listeners = new Set<() => void>();

/** Whether a single key does something: not for people who dictate, say. */
export function useSingleKeys(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => remembered("local", OFF) === null,
  );
}

export function setSingleKeys(on: boolean): void {
  rememberAs("local", OFF, on ? null : "1");
  listeners.forEach((listener) => listener());
}

/** What is typed into a field is text, also while a letter is being composed. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target instanceof HTMLElement ? event.target : null;
  const isField = target?.closest("input, textarea, select, [contenteditable]") ?? null;
  return event.isComposing || isField !== null;
}

export interface ShortcutActions {
  readonly onPalette: () => void;
  readonly onList: () => void;
}

/** The shortcuts of every page: Ctrl K, `?`, and `g` with the first letter of a page. */
export function useShortcuts(actions: ShortcutActions): void {
  const [, navigate] = useLocation();
  const pages = usePages();
  const single = useSingleKeys();
  const latest = useRef({ actions, navigate, pages, single });
  useEffect(() => {
    latest.current = { actions, navigate, pages, single };
  });
  useEffect(() => {
    let since = 0;
    const press = (event: KeyboardEvent): void => {
      const now = latest.current;
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        now.actions.onPalette();
        return;
      }
      const isOpen = document.querySelector("dialog[open], [role=menu]") !== null;
      if (!now.single || isOpen || isTyping(event)) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "?") now.actions.onList();
      else if (event.key === "g") since = Date.now();
      else if (Date.now() - since < PAIR_MS) {
        since = 0;
        const page = now.pages.find(({ key }) => key === event.key);
        if (page !== undefined) now.navigate(page.path);
      }
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}
