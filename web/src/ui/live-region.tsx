import { useSyncExternalStore } from "react";

import styles from "./live-region.module.css";

/** Long enough for a screen reader to take a text up before the next replaces it. */
const EACH_MS = 400;
const MOST_WAITING = 5;

const waiting: string[] = [];
let current = "";
let odd = false;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

/**
 * Has screen readers say it when they are done with what they are saying. Several at one moment
 * are said one after the other; the same text twice is said twice.
 */
export function announce(text: string): void {
  waiting.push(text);
  // Who is that far behind wants to hear what is new.
  if (waiting.length > MOST_WAITING) waiting.shift();
  if (timer === undefined) next();
}

function next(): void {
  const text = waiting.shift();
  if (text === undefined) {
    timer = undefined;
    return;
  }
  odd = !odd;
  // A region is read when its text changes; a space that nobody hears makes it change.
  current = odd ? text : `${text}\u00a0`;
  listeners.forEach((listener) => listener());
  timer = setTimeout(next, EACH_MS);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    // Nobody is there to hear the rest.
    clearTimeout(timer);
    timer = undefined;
    waiting.length = 0;
    current = "";
  };
}

/** The one place that announcements come from. On every page once, and always there. */
export function LiveRegion() {
  const text = useSyncExternalStore(
    subscribe,
    () => current,
    () => "",
  );
  return (
    <div role="status" aria-live="polite" className={styles.hidden} data-testid="live-region">
      {text}
    </div>
  );
}

/** For screen readers only. */
export function Hidden({ children }: { readonly children: React.ReactNode }) {
  return <span className={styles.hidden}>{children}</span>;
}

/** The same for what is more than words, such as a table. */
export function HiddenBlock({ children }: { readonly children: React.ReactNode }) {
  return <div className={styles.hidden}>{children}</div>;
}
