/** The rows this tab knows, each in the newest version that any source has told. */

import { Emitter, TopicEmitter } from "./emitter";
import type { OptimisticPatch } from "./outbox-item";
import type { ChangeEvent, Row } from "./protocol";
import type { FoundRow } from "./rows";

/** A row as a screen shows it. The same object until something about it changes. */
export interface RowView {
  readonly id: string;
  readonly row: Row;
  /** Partly expected, not yet confirmed by the server. */
  readonly tentative: boolean;
}

/** What was known of a row before a change, and whether the change was news. */
export interface Applied {
  readonly fresh: boolean;
  readonly previous: Row | null;
}

interface Entry {
  /** Null: deleted. The version stays, so that older news do not bring it back. */
  readonly row: Row | null;
  readonly version: number;
  /** False when only some fields are known to be of this version. */
  readonly whole: boolean;
  readonly generation: number;
}

/** A list as it was read. */
export interface ListRead {
  readonly table: string;
  readonly rows: readonly Row[];
  /** What {@link RowStore.generation} was when the read began. */
  readonly generation: number;
  /** Which rows the list would have contained: what it lacks of them is gone. */
  readonly covers: (row: Row) => boolean;
}

export class RowStore {
  /** Tells the table in which something changed. */
  readonly changes = new Emitter<string>();
  /** Tells of a single row, by {@link rowTopic}. */
  readonly topics = new TopicEmitter<undefined>();
  /** Rows as the server tells them have changed. */
  readonly touched = new Emitter<{ readonly table: string; readonly ids: readonly string[] }>();
  private readonly tables = new Map<string, Map<string, Entry>>();
  private readonly views = new Map<string, Map<string, RowView>>();
  private readonly lists = new Map<string, readonly RowView[]>();
  /** Of which generation the newest list of a table was. */
  private readonly listed = new Map<string, number>();
  private overlays: ReadonlyMap<string, readonly OptimisticPatch[]> = new Map();
  private epoch = 0;

  /** Grows whenever changes may have been missed for good. */
  get generation(): number {
    return this.epoch;
  }

  /** Changes were missed: what the next lists lack is no longer taken for granted. */
  startGeneration(): void {
    this.epoch += 1;
  }

  /** All rows of a table that are not deleted, in no order; the same array until one changes. */
  rows(table: string): readonly RowView[] {
    const known = this.lists.get(table);
    if (known !== undefined) return known;
    const list = [...(this.views.get(table)?.values() ?? [])];
    this.lists.set(table, list);
    return list;
  }

  get(table: string, id: string): RowView | undefined {
    return this.views.get(table)?.get(id);
  }

  /** The row as the server last told it, without what is only expected. */
  confirmed(table: string, id: string): Row | null {
    return this.tables.get(table)?.get(id)?.row ?? null;
  }

  /** Shows rows that an earlier page has kept, where nothing newer is known. The next list decides about them. */
  seed(rows: readonly { readonly table: string; readonly id: string; readonly row: Row }[]): void {
    const seeded = new Map<string, string[]>();
    for (const { table, id, row } of rows) {
      const version = versionOf(row);
      if (version === null || this.tables.get(table)?.has(id) === true) continue;
      // Not known to be whole: the same version told by the server replaces it.
      this.put(table, id, { row, version, whole: false, generation: -1 });
      seeded.set(table, [...(seeded.get(table) ?? []), id]);
    }
    for (const [table, ids] of seeded) this.show(table, ids);
  }

  /** Takes over a change unless the row is known in that version or a newer one. */
  apply(change: ChangeEvent): Applied {
    const { table, id, version } = change;
    const previous = this.confirmed(table, id);
    const fresh = this.offer(table, id, {
      row: change.record,
      version,
      whole: true,
      generation: this.epoch,
    });
    if (fresh) this.touch(table, [id]);
    return { fresh, previous };
  }

  /** Takes over what of a list is newer than what is known, and drops what the list proves gone. */
  mergeList({ table, rows, generation, covers }: ListRead): void {
    // Read before changes were missed, arrived after the list that made up for it: of no use.
    if (generation < (this.listed.get(table) ?? 0)) return;
    this.listed.set(table, generation);
    const listed = new Map(
      rows.flatMap((row) => (typeof row.id === "string" ? [[row.id, row]] : [])),
    );
    for (const [id, row] of listed) {
      const known = this.tables.get(table)?.get(id);
      const version = versionOf(row);
      if (version === null) continue;
      if (
        !this.offer(table, id, { row, version, whole: true, generation }) &&
        known !== undefined
      ) {
        this.put(table, id, { ...known, generation: Math.max(generation, known.generation) });
      }
    }
    this.touch(table, [...listed.keys(), ...this.dropMissing(table, listed, generation, covers)]);
  }

  /** Takes over the rows of an answer, which may carry only some of their fields. */
  mergeFound(found: readonly FoundRow[]): void {
    for (const { table, row } of found) {
      const known = this.tables.get(table)?.get(row.id);
      const version = versionOf(row) ?? known?.version;
      if (version === undefined || (known !== undefined && known.version > version)) continue;
      if (known?.row === null && known.version === version) continue;
      const whole = known?.version === version && known.whole;
      // The same version told as a whole is already all there is to know, if it was told with one.
      if (whole && versionOf(row) !== null) continue;
      this.put(table, row.id, {
        row: { ...known?.row, ...row },
        version,
        whole,
        generation: this.epoch,
      });
      this.touch(table, [row.id]);
    }
  }

  /** Forgets everything: the person has signed out. */
  clear(): void {
    const tables = [...this.tables.keys()];
    for (const store of [this.tables, this.views, this.lists, this.listed]) store.clear();
    this.overlays = new Map();
    for (const table of tables) this.changes.emit(table);
  }

  /** Shows what outstanding actions are expected to change; replaces what was expected before. */
  setOverlays(overlays: readonly OptimisticPatch[]): void {
    const before = this.overlays;
    const after = new Map<string, OptimisticPatch[]>();
    for (const each of overlays) {
      const topic = rowTopic(each.table, each.id);
      const patches = after.get(topic);
      if (patches === undefined) after.set(topic, [each]);
      else patches.push(each);
    }
    this.overlays = after;
    const affected = new Map<string, Set<string>>();
    for (const patches of [...before.values(), ...after.values()]) {
      for (const { table, id } of patches)
        affected.set(table, (affected.get(table) ?? new Set()).add(id));
    }
    for (const [table, ids] of affected) this.show(table, [...ids]);
  }

  private offer(table: string, id: string, entry: Entry): boolean {
    const known = this.tables.get(table)?.get(id);
    const newer = known === undefined || entry.version > known.version;
    if (!newer && (entry.version < known.version || known.whole)) return false;
    this.put(table, id, entry);
    return true;
  }

  private put(table: string, id: string, entry: Entry): void {
    const entries = this.tables.get(table) ?? new Map<string, Entry>();
    this.tables.set(table, entries.set(id, entry));
  }

  private dropMissing(
    table: string,
    listed: ReadonlyMap<string, Row>,
    generation: number,
    covers: (row: Row) => boolean,
  ): string[] {
    const gone = [...(this.tables.get(table) ?? [])].filter(
      ([id, { row, generation: seen }]) =>
        row !== null && seen < generation && !listed.has(id) && covers(row),
    );
    for (const [id, entry] of gone)
      this.put(table, id, { ...entry, row: null, whole: true, generation });
    return gone.map(([id]) => id);
  }

  private touch(table: string, ids: readonly string[]): void {
    if (ids.length === 0) return;
    this.touched.emit({ table, ids });
    this.show(table, ids);
  }

  /** Renews the views of these rows and tells of it, if any of them looks different now. */
  private show(table: string, ids: readonly string[]): void {
    const views = this.views.get(table) ?? new Map<string, RowView>();
    this.views.set(table, views);
    const different = [...new Set(ids)].filter((id) => this.renew(table, id, views));
    if (different.length === 0) return;
    this.lists.delete(table);
    for (const id of different) this.topics.emit(rowTopic(table, id), undefined);
    this.changes.emit(table);
  }

  private renew(table: string, id: string, views: Map<string, RowView>): boolean {
    const row = this.confirmed(table, id);
    if (row === null) return views.delete(id);
    const patches = this.overlays.get(rowTopic(table, id)) ?? [];
    const shown =
      patches.length === 0
        ? row
        : (Object.assign({}, row, ...patches.map(({ fields }) => fields)) as Row);
    const known = views.get(id);
    if (known?.row === shown && !known.tentative) return false;
    views.set(id, { id, row: shown, tentative: patches.length > 0 });
    return true;
  }
}

/** The topic of one row. */
export function rowTopic(table: string, id: string): string {
  return `${table}/${id}`;
}

function versionOf(row: Row): number | null {
  return typeof row.version === "number" ? row.version : null;
}
