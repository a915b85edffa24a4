/** Aborts as soon as one of these does; also in browsers that have no `AbortSignal.any` (Safari before 17.4). */
export function anySignal(signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  const given = signals.filter((signal) => signal !== undefined);
  if ("any" in AbortSignal) return AbortSignal.any(given);
  const any = new AbortController();
  for (const signal of given) {
    if (signal.aborted) any.abort(signal.reason);
    else signal.addEventListener("abort", () => any.abort(signal.reason), { signal: any.signal });
  }
  return any.signal;
}
