import type { KeyboardEvent } from "react";
import { Link } from "wouter";

import { useBayName } from "@/data/bays";
import { useClock } from "@/ui/clock";
import { timeOf, weekdayOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import { wordOf } from "@/ui/status-pill";
import { useSheet } from "@/ui/use-sheet";
import styles from "./grid.module.css";
import type { Booking, Hold, Work } from "./use-calendar";
import type { useDrag } from "./use-drag";

export interface BookingBoxProps {
  readonly booking: Booking;
  readonly start: ReturnType<typeof useDrag>["start"];
  readonly isDragged: boolean;
  /** Moved by keys: so many quarters of an hour, and so many columns. */
  readonly onStep: (booking: Booking, quarters: number, columns: number) => void;
}

const STEPS: Readonly<Record<string, readonly [quarters: number, columns: number] | undefined>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** A booking in the calendar: opened by a click, moved by a drag, or by Shift and the arrow keys. */
export function BookingBox({ booking, start, isDragged, onStep }: BookingBoxProps) {
  const messages = useMessages();
  const clock = useClock();
  const bayName = useBayName();
  const { show } = useSheet();
  const { appointment, tentative } = booking;
  const name = appointment.contact_name ?? messages.list.unnamed;
  const press = (event: KeyboardEvent): void => {
    const step =
      event.key === "m" ? ([0, 0] as const) : event.shiftKey ? STEPS[event.key] : undefined;
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    onStep(booking, ...step);
  };
  return (
    <button
      type="button"
      className={styles.booking}
      data-appointment-id={appointment.id}
      data-status={appointment.status}
      data-tentative={tentative}
      data-dragged={isDragged}
      aria-keyshortcuts="m Shift+ArrowUp Shift+ArrowDown Shift+ArrowLeft Shift+ArrowRight"
      aria-label={messages.calendar.name(
        name,
        weekdayOf(appointment.start, clock),
        timeOf(appointment.start, clock),
        bayName(appointment.resource),
        wordOf(messages, "appointment", appointment.status),
      )}
      onPointerDown={(event) => start(event, booking)}
      onKeyDown={press}
      onClick={() => !isDragged && show("apt", appointment.id)}
    >
      <span className={styles.name}>{name}</span>
      <span className={styles.what}>
        {timeOf(appointment.start, clock)} · {appointment.service_name}
      </span>
    </button>
  );
}

/** A time that is kept for a caller, and for how long still. */
export function HoldBox({ hold }: { readonly hold: Hold }) {
  const { calendar } = useMessages();
  return (
    <div className={styles.hold} data-hold-id={hold.id}>
      {hold.name !== null && <span className={styles.name}>{hold.name}</span>}
      <span className={styles.what}>{calendar.holdLeft(hold.minutesLeft)}</span>
    </div>
  );
}

/** The work behind a booking of Square's: opened here, moved there. */
export function JobBox({ work: { job } }: { readonly work: Work }) {
  const messages = useMessages();
  const clock = useClock();
  const name = job.customerCached?.name ?? messages.list.unnamed;
  return (
    <Link
      className={styles.job}
      href={`/jobs/${encodeURIComponent(job.id)}`}
      data-job-id={job.id}
      data-status={job.workStatus}
      aria-label={messages.calendar.name(
        name,
        weekdayOf(job.start, clock),
        timeOf(job.start, clock),
        messages.job.title,
        wordOf(messages, "job", job.workStatus),
      )}
    >
      <span className={styles.name}>{name}</span>
      <span className={styles.what}>
        {timeOf(job.start, clock)} · {job.serviceType}
      </span>
    </Link>
  );
}
