/** Fetches the changes that this client missed, page by page, from its cursor to now. */

import { backoffMs } from "./backoff";
import type { CursorStore } from "./cursor-store";
import type { ChangeEvent, ChangesPage } from "./protocol";

/** The server does not know this cursor (any more). */
export const BAD_CURSOR = "bad-cursor";

/** Less than the server's pages reach back before their cursor. */
const OVERLAP_MS = 10_000;

export interface CatchUpDeps {
  /** One page after `since`; no changes and the cursor of now without. Rejects when it fails. */
  readonly fetchPage: (
    since: string | null,
    tables: readonly string[],
  ) => Promise<ChangesPage | typeof BAD_CURSOR>;
  readonly cursors: CursorStore;
  readonly onChange: (change: ChangeEvent) => void;
  /** Changes have been missed for good. */
  readonly onGap: () => void;
  /** From here on nothing is missed any more: read the lists again. */
  readonly onResync: () => void;
  /** All is known that had happened when request number `ticket` was made. */
  readonly onDone: (ticket: number) => void;
  readonly random: () => number;
}

export class CatchUp {
  private readonly deps: CatchUpDeps;
  private readonly tables = new Set<string>();
  private cursor: string | null = null;
  private loading: Promise<void> = Promise.resolve();
  private wanted = 0;
  private running = false;
  private failures = 0;
  private stopped = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(deps: CatchUpDeps) {
    this.deps = deps;
  }

  /**
   * Takes up the cursor of an earlier page. Without one it asks for the cursor of now at once, beside
   * the first reads of lists. What is asked for meanwhile waits.
   */
  load(): Promise<void> {
    this.loading = this.begin().catch(() => undefined);
    return this.loading;
  }

  /** From now on these tables matter, too. */
  add(table: string): void {
    this.tables.add(table);
  }

  /** Asks for everything up to now; answers the number that `onDone` will tell. */
  request(): number {
    this.wanted += 1;
    if (!this.running && !this.stopped) void this.run();
    return this.wanted;
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private async run(): Promise<void> {
    clearTimeout(this.timer);
    this.running = true;
    try {
      await this.loading;
      let done = 0;
      while (done < this.wanted) {
        const asked = this.wanted;
        await this.toNow();
        if (this.stopped) return;
        done = asked;
        this.failures = 0;
        this.deps.onDone(asked);
      }
    } catch {
      this.failures += 1;
      if (!this.stopped)
        this.timer = setTimeout(() => this.request(), backoffMs(this.failures, this.deps.random));
    } finally {
      this.running = false;
    }
  }

  private async toNow(): Promise<void> {
    const tables = [...this.tables];
    if (tables.length === 0) return;
    if (this.cursor === null) return this.startOver(tables);
    let since = this.cursor;
    for (;;) {
      const page = await this.deps.fetchPage(since, tables);
      if (this.stopped) return;
      if (page === BAD_CURSOR) return this.startOver(tables);
      page.changes.forEach(this.deps.onChange);
      if (page.resync) return this.startOver(tables, page.cursor);
      const next = page.cursor ?? since;
      if (page.more && next === since) throw new Error("The cursor of changes does not move");
      since = next;
      this.advance(since, tables);
      if (!page.more) return;
    }
  }

  private async startOver(tables: readonly string[], known: string | null = null): Promise<void> {
    this.deps.onGap();
    let cursor = known;
    if (cursor === null) {
      const page = await this.deps.fetchPage(null, tables);
      if (page === BAD_CURSOR || page.cursor === null) throw new Error("No cursor of changes");
      cursor = page.cursor;
    }
    if (this.stopped) return;
    this.advance(cursor, tables);
    this.deps.onResync();
  }

  /**
   * At the very first start the lists are being read just now: what changes between a list and the
   * cursor is told by the page after the cursor, which reaches back some seconds. A cursor that took
   * longer is of no use: the lists are read again with the next.
   */
  private async begin(): Promise<void> {
    // A browser that keeps nothing is one in which nobody has been before.
    this.cursor = await this.deps.cursors.load().catch(() => null);
    if (this.cursor !== null) return;
    const asked = Date.now();
    const page = await this.deps.fetchPage(null, []);
    if (page === BAD_CURSOR || Date.now() - asked > OVERLAP_MS) return;
    this.cursor = page.cursor;
    if (page.cursor !== null) this.deps.cursors.save(page.cursor).catch(() => undefined);
  }

  /** Moves the cursor, and only by pages that left out no table: what is behind it is never asked again. */
  private advance(cursor: string, tables: readonly string[]): void {
    if (this.tables.size !== tables.length) return;
    this.cursor = cursor;
    // A cursor that cannot be kept costs the next page a longer start, no more.
    this.deps.cursors.save(cursor).catch(() => undefined);
  }
}
