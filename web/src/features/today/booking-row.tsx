import { memo, useLayoutEffect, useRef, type RefObject } from "react";

import { useBayName } from "@/data/bays";
import { BookingConfirmButton } from "@/ui/buttons/booking-confirm-button";
import { useClock } from "@/ui/clock";
import { timeOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import { StatusPill } from "@/ui/status-pill";
import { useFlash } from "@/ui/use-flash";
import { useSheet } from "@/ui/use-sheet";
import styles from "./booking-row.module.css";
import { durationOf, untilOf } from "./durations";
import { isToConfirm, type Entry } from "./use-today";

export interface BookingRowProps {
  readonly entry: Entry;
  readonly now: number;
  /** The one that comes next: its action is the first of the page. */
  readonly isNext?: boolean;
}

/** One appointment: when, who, what, where, how it stands, and one thing to do. */
export const BookingRow = memo(function BookingRow({
  entry,
  now,
  isNext = false,
}: BookingRowProps) {
  const messages = useMessages();
  const clock = useClock();
  const bayName = useBayName();
  const { show } = useSheet();
  const { appointment, tentative } = entry;
  const { id, status, start, end } = appointment;
  const row = useRef<HTMLLIElement>(null);
  const canConfirm = isToConfirm(entry);
  const flash = useFlash("appointments", id);
  useFocusKept(row, canConfirm);
  const name = appointment.contact_name ?? messages.list.unnamed;
  const time = timeOf(start, clock);
  const isOver = Date.parse(end) <= now;
  return (
    <li
      ref={row}
      tabIndex={-1}
      className={styles.row}
      data-row
      data-appointment-id={id}
      data-status={status}
      data-tentative={tentative}
      data-flash={flash !== null}
      data-over={isOver}
    >
      <p className={styles.time}>
        <time dateTime={start}>{time}</time>
        <span className={styles.until}>
          {status !== "completed" && untilOf(messages, start, end, now)}
        </span>
      </p>
      <div className={styles.who}>
        <button type="button" className={styles.name} data-open onClick={() => show("apt", id)}>
          {name}
        </button>
        <p className={styles.what}>
          {appointment.service_name}
          <span className={styles.dim}> · {messages.today.minutes(durationOf(start, end))}</span>
        </p>
      </div>
      <p className={styles.bay}>{bayName(appointment.resource)}</p>
      <div className={styles.state}>
        {flash !== null && (
          <span className={styles.flash} data-testid="flash">
            {flash}
          </span>
        )}
        {/* What is to be confirmed says so by its button. */}
        {flash === null && (!canConfirm || tentative) && (
          <StatusPill kind="appointment" status={status} tentative={tentative} />
        )}
      </div>
      <div className={styles.action}>
        {canConfirm && (
          <BookingConfirmButton
            appointmentId={id}
            size="small"
            tone={isNext ? "primary" : "secondary"}
            notes="floating"
            context={messages.confirmBooking.context(name, time)}
          />
        )}
      </div>
    </li>
  );
});

/** When the button that had the focus goes, the row takes it: the keyboard stays where it was. */
function useFocusKept(row: RefObject<HTMLLIElement | null>, hasButton: boolean): void {
  const focused = useRef(false);
  useLayoutEffect(() => {
    const element = row.current;
    if (element === null || !hasButton) return;
    const note = ({ target }: FocusEvent): void => {
      focused.current = element.contains(target as Node);
    };
    document.addEventListener("focusin", note);
    return () => {
      document.removeEventListener("focusin", note);
      const { activeElement } = document;
      if (focused.current && (activeElement === document.body || element.contains(activeElement)))
        element.focus({ preventScroll: true });
      focused.current = false;
    };
  }, [row, hasButton]);
}
