import { useSyncExternalStore } from "react";

import styles from "./live-region.module.css";

let current = "";
let odd = false;
const listeners = new Set<() => void>();

/** Has screen readers say it when they are done with what they are saying. The same text twice is said twice. */
export function announce(text: string): void {
  odd = !odd;
  // A region is read when its text changes; a space that nobody hears makes it change.
  current = odd ? text : `${text}\u00a0`;
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The one place that announcements come from. On every page once, and always there. */
export function LiveRegion() {
  const text = useSyncExternalStore(subscribe, () => current);
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
