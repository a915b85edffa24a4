import { useLayoutEffect, useRef, useState, type MouseEvent } from "react";

import { clockText, instantOf } from "@/data/wall-time";
import { MoveDialog } from "@/parts/move-dialog";
import type { SlotDraft } from "@/parts/slot-fields";
import { useClock } from "@/ui/clock";
import { timeOf } from "@/ui/format";
import { BookingBox, HoldBox, JobBox } from "./boxes";
import styles from "./grid.module.css";
import { closedIn, hoursOf, placed, quarter, type Stretch } from "./layout";
import { MoveDropped } from "./move-dropped";
import type { Booking, Item } from "./use-calendar";
import { useDrag, type Drop } from "./use-drag";

export interface GridColumn {
  readonly key: string;
  readonly title: string;
  readonly day: string;
  /** The bay of the column; undefined where columns are days. */
  readonly resource: string | null | undefined;
  /** When the business is open, in minutes since midnight. */
  readonly open: readonly Stretch[];
  readonly items: readonly Item[];
}

/** How high an hour is. */
const HOUR_PX = 60;
/** The least that a box needs, for the beginning of a name. */
const LANE_REM = 3.5;

export interface GridProps {
  readonly columns: readonly GridColumn[];
  readonly now: { readonly day: string; readonly minutes: number };
  /** A free time was clicked. */
  readonly onBook: (slot: SlotDraft) => void;
}

/** Columns with the hours at their side. What is in them can be opened, and bookings be dragged. */
export function Grid({ columns, now, onBook }: GridProps) {
  const clock = useClock();
  const box = useRef<HTMLDivElement>(null);
  const { from, to } = hoursOf(columns.flatMap(({ items, open }) => [...items, ...open]));
  const height = ((to - from) / 60) * HOUR_PX;
  const [dropped, setDropped] = useState<{
    readonly booking: Booking;
    readonly to: Date;
    readonly column: GridColumn;
  } | null>(null);
  const drag = useDrag((booking: Booking, { x, dy }: Drop) => {
    const minutes = quarter(booking.from + (dy / HOUR_PX) * 60);
    const column = columnAt(box.current, columns, x);
    if (column === undefined) return;
    const same = minutes === booking.from && column.items.some(({ id }) => id === booking.id);
    // Put down where it was taken up: nothing has happened.
    if (!same) setDropped({ booking, column, to: instantOf(column.day, minutes, clock.timeZone) });
  });
  const [stepped, setStepped] = useState<{
    readonly booking: Booking;
    readonly slot: SlotDraft;
  } | null>(null);
  const step = (column: GridColumn) => (booking: Booking, quarters: number, aside: number) => {
    const target = columns[columns.indexOf(column) + aside] ?? column;
    const time = clockText(Math.max(0, Math.min(24 * 60 - 15, booking.from + quarters * 15)));
    const resource = (target.resource === undefined ? booking.resource : target.resource) ?? "";
    setStepped({ booking, slot: { day: target.day, time, resource } });
  };
  const book = (column: GridColumn) => (event: MouseEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget) return;
    const { top } = event.currentTarget.getBoundingClientRect();
    const minutes = from + Math.floor(((event.clientY - top) / HOUR_PX) * 2) * 30;
    onBook({ day: column.day, time: clockText(minutes), resource: column.resource ?? "" });
  };
  const scroll = useRef<HTMLDivElement>(null);
  const opens = Math.min(...columns.flatMap(({ open }) => open.map((stretch) => stretch.from)));
  const first = columns.some(({ day }) => day === now.day) ? now.minutes - 90 : opens;
  const wanted = useRef(Number.isFinite(first) ? first : from);
  // Once, when it appears: afterwards the person scrolls.
  useLayoutEffect(() => {
    if (scroll.current !== null)
      scroll.current.scrollTop = ((wanted.current - from) / 60) * HOUR_PX;
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return (
    <div ref={scroll} className={styles.scroll}>
      <div ref={box} className={styles.grid} style={{ ["--columns" as string]: widthsOf(columns) }}>
        <div className={styles.corner} />
        {columns.map(({ key, title, day }) => (
          <div key={key} className={styles.title} data-today={day === now.day}>
            {title}
          </div>
        ))}
        <div className={styles.hours} style={{ height }} aria-hidden="true">
          {Array.from({ length: (to - from) / 60 }, (_, index) => (
            <span key={index} className={styles.hour} style={{ top: index * HOUR_PX }}>
              {timeOf(`2026-01-01T${clockText(from + index * 60)}:00Z`, {
                ...clock,
                timeZone: "UTC",
              })}
            </span>
          ))}
        </div>
        {columns.map((column) => (
          // For the keyboard there is the button above, which asks for the time as well.
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
          <div
            key={column.key}
            className={styles.column}
            data-column={column.key}
            style={{ height, backgroundSize: `100% ${String(HOUR_PX)}px` }}
            onClick={book(column)}
          >
            {closedIn({ from, to }, column.open).map((stretch) => (
              <div
                key={stretch.from}
                className={styles.closed}
                style={{
                  top: ((stretch.from - from) / 60) * HOUR_PX,
                  height: ((stretch.to - stretch.from) / 60) * HOUR_PX,
                }}
              />
            ))}
            {placed(column.items).map(({ item, lane, lanes }) => (
              <div
                key={item.id}
                className={styles.slot}
                style={{
                  top: ((item.from - from) / 60) * HOUR_PX,
                  height: ((item.to - item.from) / 60) * HOUR_PX - 2,
                  insetInlineStart: `${String((lane / lanes) * 100)}%`,
                  width: `calc(${String(100 / lanes)}% - 3px)`,
                  translate: drag.offsetOf(item.id),
                }}
              >
                {item.kind === "hold" && <HoldBox hold={item} />}
                {item.kind === "job" && <JobBox work={item} />}
                {item.kind === "booking" && (
                  <BookingBox
                    booking={item}
                    onStep={step(column)}
                    start={drag.start}
                    isDragged={drag.isDragging(item.id)}
                  />
                )}
              </div>
            ))}
            {column.day === now.day && now.minutes >= from && now.minutes <= to && (
              <div
                data-now
                className={styles.now}
                style={{ top: ((now.minutes - from) / 60) * HOUR_PX }}
              />
            )}
          </div>
        ))}
      </div>
      {dropped !== null && (
        <MoveDropped
          booking={dropped.booking.appointment}
          to={dropped.to}
          resource={dropped.column.resource ?? undefined}
          onClose={() => setDropped(null)}
        />
      )}
      {stepped !== null && (
        <MoveDialog
          booking={stepped.booking.appointment}
          slot={stepped.slot}
          onClose={() => setStepped(null)}
        />
      )}
    </div>
  );
}

/** Who has more beside each other gets more room: a name can be read in each box. */
function widthsOf(columns: readonly GridColumn[]): string {
  return columns
    .map(({ items }) => Math.max(1, ...placed(items).map(({ lanes }) => lanes)))
    .map((lanes) => `minmax(max(7rem, ${String(lanes * LANE_REM)}rem), ${String(lanes)}fr)`)
    .join(" ");
}

function columnAt(
  box: HTMLElement | null,
  columns: readonly GridColumn[],
  x: number,
): GridColumn | undefined {
  const found = [...(box?.querySelectorAll<HTMLElement>("[data-column]") ?? [])].find((element) => {
    const { left, right } = element.getBoundingClientRect();
    return x >= left && x < right;
  });
  return columns.find(({ key }) => key === found?.dataset.column);
}
