import { memo, useLayoutEffect, useRef, type RefObject } from "react";

import type { Appointment } from "@/api/appointments";
import { useSyncClient } from "@/sync";
import { BookingConfirmButton } from "@/ui/buttons/booking-confirm-button";
import { momentOf, nameOf, phoneOf, timeOf } from "@/ui/format";
import { Hidden } from "@/ui/live-region";
import { messages } from "@/ui/messages";
import { isToConfirm, type Entry } from "./agenda";
import styles from "./appointment-row.module.css";
import { StatusPill } from "./status-pill";
import { useFlash } from "./use-flash";

/** The actor of what nobody did in person. */
const SYSTEM = "system";

export interface AppointmentRowProps extends Entry {
  readonly timeZone: string;
}

/** One appointment: when, who, what, how it stands, and what can be done about it. */
export const AppointmentRow = memo(function AppointmentRow({
  appointment,
  tentative,
  timeZone,
}: AppointmentRowProps) {
  const { id, status, start, end, contactName, contactPhone, serviceName, notes } = appointment;
  const row = useRef<HTMLLIElement>(null);
  const canConfirm = isToConfirm({ appointment, tentative });
  const flash = useFlash(id);
  useFocusKept(row, canConfirm);
  const name = contactName === "" ? messages.today.unnamed : contactName;
  const time = timeOf(start, timeZone);
  return (
    <li
      ref={row}
      tabIndex={-1}
      className={styles.row}
      data-appointment-id={id}
      data-status={status}
      data-tentative={tentative}
      data-flash={flash !== null}
    >
      <p className={styles.time}>
        <time dateTime={start}>{time}</time>
        <span className={styles.end}>
          {" – "}
          <time dateTime={end}>{timeOf(end, timeZone)}</time>
        </span>
      </p>
      <div className={styles.who}>
        <p className={styles.name}>
          <span className={styles.called}>{name}</span>
          {contactPhone !== null && (
            <a className={styles.phone} href={`tel:${contactPhone}`}>
              <Hidden>{messages.today.phone(name)} </Hidden>
              {phoneOf(contactPhone)}
            </a>
          )}
        </p>
        <p className={styles.what}>{serviceName}</p>
        {notes !== null && <p className={styles.notes}>{notes}</p>}
      </div>
      <div className={styles.state}>
        <StatusPill status={status} tentative={tentative} />
        {flash === null ? (
          <Confirmed appointment={appointment} tentative={tentative} timeZone={timeZone} />
        ) : (
          <p className={styles.flash} data-testid="flash">
            {flash}
          </p>
        )}
      </div>
      <div className={styles.action}>
        {canConfirm && (
          <BookingConfirmButton
            appointmentId={id}
            context={messages.confirmBooking.context(name, time)}
          />
        )}
      </div>
    </li>
  );
});

function Confirmed({ appointment, tentative, timeZone }: AppointmentRowProps) {
  const { userId } = useSyncClient();
  const { status, confirmedAt } = appointment;
  if (status !== "confirmed" || tentative || confirmedAt === null) return null;
  const when = momentOf(confirmedAt, timeZone);
  return <p className={styles.by}>{confirmation(appointment, when, userId)}</p>;
}

/** Who confirmed it, as far as the row tells: it has the person's id, and an address only of the last change. */
function confirmation(
  { confirmedBy, updatedBy }: Appointment,
  when: string,
  userId: string,
): string {
  const { today } = messages;
  if (confirmedBy === SYSTEM) return today.confirmedAutomatically(when);
  if (confirmedBy === userId) return today.confirmedBy(today.you, when);
  const email = updatedBy !== null && updatedBy.id === confirmedBy ? updatedBy.email : null;
  return today.confirmedBy(email === null ? "" : nameOf(email), when);
}

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
      if (
        focused.current &&
        (document.activeElement === document.body || element.contains(document.activeElement))
      ) {
        element.focus({ preventScroll: true });
      }
      focused.current = false;
    };
  }, [row, hasButton]);
}
