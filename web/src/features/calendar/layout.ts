/** Where the boxes of a calendar column stand: by the clock on the wall, never by pixels or milliseconds. */

export interface Span {
  readonly id: string;
  /** Minutes since midnight by the wall clock. */
  readonly from: number;
  readonly to: number;
}

export interface Placed<T extends Span> {
  readonly item: T;
  /** Which of `lanes` stands beside the others that overlap with it. */
  readonly lane: number;
  readonly lanes: number;
}

/**
 * Places spans of one column: those that overlap share its width, those that only touch do not. No
 * two boxes ever lie upon each other.
 */
export function placed<T extends Span>(spans: readonly T[]): Placed<T>[] {
  const sorted = [...spans].sort(
    (a, b) => a.from - b.from || b.to - a.to || a.id.localeCompare(b.id),
  );
  const result: Placed<T>[] = [];
  let group: { readonly item: T; readonly lane: number }[] = [];
  let ends: number[] = [];
  const close = (): void => {
    for (const { item, lane } of group) result.push({ item, lane, lanes: ends.length });
    [group, ends] = [[], []];
  };
  for (const item of sorted) {
    if (ends.length > 0 && ends.every((end) => end <= item.from)) close();
    const free = ends.findIndex((end) => end <= item.from);
    const lane = free === -1 ? ends.length : free;
    ends[lane] = Math.max(item.to, item.from + 1);
    group.push({ item, lane });
  }
  close();
  return result;
}

const EARLIEST = 8 * 60;
const LATEST = 18 * 60;

/** The hours to show: those of an ordinary day, and more where something lies outside of them. */
export function hoursOf(spans: readonly Pick<Span, "from" | "to">[]): {
  readonly from: number;
  readonly to: number;
} {
  const from = Math.min(EARLIEST, ...spans.map((span) => span.from));
  const to = Math.max(LATEST, ...spans.map((span) => span.to));
  return { from: Math.floor(from / 60) * 60, to: Math.min(24 * 60, Math.ceil(to / 60) * 60) };
}

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** What of the hours shown lies outside of the stretches in which the business is open. */
export function closedIn({ from, to }: Stretch, open: readonly Stretch[]): Stretch[] {
  const closed: Stretch[] = [];
  let since = from;
  for (const stretch of [...open].sort((a, b) => a.from - b.from)) {
    if (stretch.from > since) closed.push({ from: since, to: Math.min(stretch.from, to) });
    since = Math.max(since, stretch.to);
  }
  if (since < to) closed.push({ from: since, to });
  return closed;
}

/** To the quarter of an hour, as slots are. */
export function quarter(minutes: number): number {
  return Math.round(minutes / 15) * 15;
}
