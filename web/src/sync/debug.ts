/** A log in the console of what the library does, for whoever looks into something. */

declare global {
  /** Set before the page loads, or in the console. */
  var DEBUG_SYNC: boolean | undefined;
}

export function isSyncDebug(): boolean {
  return globalThis.DEBUG_SYNC === true;
}

export function setSyncDebug(on: boolean): void {
  globalThis.DEBUG_SYNC = on;
}

/** Says what happened, if anybody listens. Never a body, a token or a person's words. */
export function debug(what: string, detail: Readonly<Record<string, unknown>>): void {
  if (!isSyncDebug()) return;
  // The one place that writes to the console, and only when it was asked for.
  // eslint-disable-next-line no-console
  console.debug(`[closed-loop] ${what}`, detail);
}
