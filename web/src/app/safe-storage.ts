/**
 * Small things this browser remembers. It may refuse: with site data blocked even looking at
 * `localStorage` throws. Then they last as long as the page.
 */

type Kind = "local" | "session";

const memory = new Map<string, string>();

export function remembered(kind: Kind, name: string): string | null {
  try {
    return storageOf(kind).getItem(name) ?? memory.get(kind + name) ?? null;
  } catch {
    return memory.get(kind + name) ?? null;
  }
}

/** Null forgets it. */
export function rememberAs(kind: Kind, name: string, value: string | null): void {
  memory.delete(kind + name);
  try {
    if (value === null) storageOf(kind).removeItem(name);
    else storageOf(kind).setItem(name, value);
  } catch {
    // Full or shut: it lasts as long as the page.
    if (value !== null) memory.set(kind + name, value);
  }
}

function storageOf(kind: Kind): Storage {
  return kind === "local" ? localStorage : sessionStorage;
}
