import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useRef, useState, type KeyboardEvent, type ReactNode } from "react";

import { Hidden } from "@/ui/live-region";
import { useMessages } from "@/ui/messages";
import styles from "./virtual-table.module.css";

const ROW_PX = 48;

export interface Column<T> {
  readonly key: string;
  readonly title: string;
  /** What stands below says it already: the title is for those who hear the table. */
  readonly titleHidden?: boolean;
  /** A width of CSS grid. */
  readonly width: string;
  readonly cell: (row: T) => ReactNode;
  readonly sortable?: boolean;
  /** Not on a phone. */
  readonly wideOnly?: boolean;
}

export interface VirtualTableProps<T extends { readonly id: string }> {
  readonly label: string;
  readonly rows: readonly T[];
  readonly columns: readonly Column<T>[];
  readonly sort: string;
  readonly onSort: (sort: string) => void;
  readonly onOpen: (row: T) => void;
  /** Rows can be chosen. */
  readonly selection?: Selection<T>;
  readonly rowProps?: (row: T) => Readonly<Record<`data-${string}`, string | boolean>>;
}

export interface Selection<T> {
  readonly chosen: ReadonlySet<string>;
  readonly toggle: (row: T) => void;
  readonly toggleAll: () => void;
  readonly labelOf: (row: T) => string;
}

/** A table of any length: only the rows in sight exist. `j` and `k` move, Enter opens, `x` chooses. */
export function VirtualTable<T extends { readonly id: string }>(props: VirtualTableProps<T>) {
  const { label, rows, columns, selection, onOpen } = props;
  const messages = useMessages();
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  // What it hands out changes with every call, so it must not be remembered by the compiler.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
    getItemKey: (index) => rows[index]?.id ?? index,
    initialRect: { width: 1_000, height: 800 },
  });
  const template = templateOf(columns, selection !== undefined);
  // On a phone: the first takes what the others leave.
  const narrow = columns.filter(({ wideOnly }) => wideOnly !== true);
  const few = templateOf(
    narrow.map((column, at) => ({ ...column, width: at === 0 ? "minmax(0, 1fr)" : "auto" })),
    selection !== undefined,
  );
  const focus = (index: number): void => {
    const next = Math.max(0, Math.min(rows.length - 1, index));
    setAt(next);
    virtual.scrollToIndex(next);
    requestAnimationFrame(() =>
      box.current?.querySelector<HTMLElement>(`[data-index="${String(next)}"]`)?.focus(),
    );
  };
  const press = (event: KeyboardEvent, index: number): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey)
      return;
    const row = rows[index];
    const acts: Readonly<Record<string, (() => void) | undefined>> = {
      j: () => focus(index + 1),
      ArrowDown: () => focus(index + 1),
      k: () => focus(index - 1),
      ArrowUp: () => focus(index - 1),
      Enter: () => row !== undefined && onOpen(row),
      x: () => row !== undefined && selection?.toggle(row),
    };
    const act = acts[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
  return (
    <div
      ref={box}
      role="table"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      className={styles.table}
      style={{ ["--columns" as string]: template, ["--few" as string]: few }}
    >
      <div role="rowgroup" className={styles.head}>
        <div role="row" aria-rowindex={1} className={styles.row}>
          {selection !== undefined && (
            <span role="columnheader" className={styles.cell}>
              <input
                type="checkbox"
                aria-label={messages.leads.selectAll}
                checked={rows.length > 0 && rows.every(({ id }) => selection.chosen.has(id))}
                onChange={selection.toggleAll}
              />
            </span>
          )}
          {columns.map((column) => (
            <Head key={column.key} column={column} sort={props.sort} onSort={props.onSort} />
          ))}
        </div>
      </div>
      <div role="rowgroup" className={styles.body} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start, key }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            // Its keys are those of the table; every one of its parts can be reached by itself.

            <div
              key={key}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={selection?.chosen.has(row.id)}
              data-index={index}
              data-row
              {...props.rowProps?.(row)}
              tabIndex={index === Math.min(at, rows.length - 1) ? 0 : -1}
              className={styles.row}
              style={{ translate: `0 ${String(start)}px` }}
              onFocus={() => setAt(index)}
              onKeyDown={(event) => press(event, index)}
            >
              {selection !== undefined && (
                <span role="cell" className={styles.cell}>
                  <input
                    type="checkbox"
                    aria-label={selection.labelOf(row)}
                    checked={selection.chosen.has(row.id)}
                    onChange={() => selection.toggle(row)}
                  />
                </span>
              )}
              {columns.map(({ key: name, cell, wideOnly }) => (
                <span key={name} role="cell" className={styles.cell} data-wide={wideOnly === true}>
                  {cell(row)}
                </span>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function templateOf(columns: readonly { readonly width: string }[], isChosen: boolean): string {
  return [...(isChosen ? ["2.25rem"] : []), ...columns.map(({ width }) => width)].join(" ");
}

interface HeadProps<T> {
  readonly column: Column<T>;
  readonly sort: string;
  readonly onSort: (sort: string) => void;
}

function Head<T>({ column, sort, onSort }: HeadProps<T>) {
  const { key, title, titleHidden, sortable, wideOnly } = column;
  const messages = useMessages();
  const isBy = sort.replace(/^-/, "") === key;
  const isDown = isBy && sort.startsWith("-");
  const order = isBy ? (isDown ? "descending" : "ascending") : "none";
  return (
    <span
      role="columnheader"
      aria-sort={sortable === true ? order : undefined}
      className={styles.cell}
      data-wide={wideOnly === true}
    >
      {sortable === true ? (
        <button
          type="button"
          className={styles.sort}
          title={messages.list.sort(title)}
          onClick={() => onSort(isBy && !isDown ? `-${key}` : key)}
        >
          {title}
          {isBy &&
            (isDown ? (
              <ArrowDown size={12} aria-hidden="true" />
            ) : (
              <ArrowUp size={12} aria-hidden="true" />
            ))}
        </button>
      ) : titleHidden === true ? (
        <Hidden>{title}</Hidden>
      ) : (
        title
      )}
    </span>
  );
}
