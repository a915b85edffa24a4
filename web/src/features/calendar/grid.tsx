import { useRef, useState } from "react";

import { clockText, instantOf } from "@/data/wall-time";
import { MoveDropped } from "./move-dropped";
import { useClock } from "@/ui/clock";
import { timeOf, weekdayOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import { useSheet } from "@/ui/use-sheet";
import { wordOf } from "@/ui/status-pill";
import styles from "./grid.module.css";
import { hoursOf, placed, quarter } from "./layout";
import type { Booking, Hold } from "./use-calendar";
import { useDrag, type Drop } from "./use-drag";

export interface GridColumn {
  readonly key: string;
  readonly title: string;
  readonly day: string;
  /** The bay of the column; undefined where columns are days. */
  readonly resource: string | null | undefined;
  readonly items: readonly (Booking | Hold)[];
}

/** How high an hour is. */
const HOUR_PX = 60;

export interface GridProps {
  readonly columns: readonly GridColumn[];
  readonly now: { readonly day: string; readonly minutes: number };
}

/** Columns with the hours at their side. What is in them can be opened, and bookings be dragged. */
export function Grid({ columns, now }: GridProps) {
  const clock = useClock();
  const box = useRef<HTMLDivElement>(null);
  const { from, to } = hoursOf(columns.flatMap(({ items }) => items));
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
  return (
    <div className={styles.scroll}>
      <div ref={box} className={styles.grid} style={{ ["--count" as string]: columns.length }}>
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
          <div
            key={column.key}
            className={styles.column}
            data-column={column.key}
            style={{ height, backgroundSize: `100% ${String(HOUR_PX)}px` }}
          >
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
                {item.kind === "hold" ? (
                  <HoldBox hold={item} />
                ) : (
                  <BookingBox
                    booking={item}
                    column={column}
                    start={drag.start}
                    isDragged={drag.isDragging(item.id)}
                  />
                )}
              </div>
            ))}
            {column.day === now.day && now.minutes >= from && now.minutes <= to && (
              <div className={styles.now} style={{ top: ((now.minutes - from) / 60) * HOUR_PX }} />
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
    </div>
  );
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

interface BookingBoxProps {
  readonly booking: Booking;
  readonly column: GridColumn;
  readonly start: ReturnType<typeof useDrag>["start"];
  readonly isDragged: boolean;
}

function BookingBox({ booking, column, start, isDragged }: BookingBoxProps) {
  const messages = useMessages();
  const clock = useClock();
  const { show } = useSheet();
  const { appointment, tentative } = booking;
  const name = appointment.contact_name ?? messages.list.unnamed;
  return (
    <button
      type="button"
      className={styles.booking}
      data-appointment-id={appointment.id}
      data-status={appointment.status}
      data-tentative={tentative}
      data-dragged={isDragged}
      aria-label={messages.calendar.name(
        name,
        weekdayOf(appointment.start, clock),
        timeOf(appointment.start, clock),
        column.resource ?? appointment.resource ?? "",
        wordOf(messages, "appointment", appointment.status),
      )}
      onPointerDown={(event) => start(event, booking)}
      onClick={() => !isDragged && show("apt", appointment.id)}
    >
      <span className={styles.name}>{name}</span>
      <span className={styles.what}>
        {timeOf(appointment.start, clock)} · {appointment.service_name}
      </span>
    </button>
  );
}

function HoldBox({ hold }: { readonly hold: Hold }) {
  const { calendar } = useMessages();
  return <div className={styles.hold}>{calendar.holdLeft(hold.minutesLeft)}</div>;
}
