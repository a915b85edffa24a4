import { useCallback } from "react";

import { toAppointment } from "@/api/appointments";
import { useRowsWhere, type Row } from "@/sync";
import { BookingConfirmButton } from "@/ui/buttons/booking-confirm-button";
import { useClock } from "@/ui/clock";
import { momentOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import { StatusPill } from "@/ui/status-pill";
import { useSheet } from "@/ui/use-sheet";
import page from "@/ui/page.module.css";
import styles from "./bookings.module.css";

/** The bookings of somebody, as far as this page knows them: the latest first. */
export function Bookings({
  personId,
  phone,
}: {
  readonly personId: string;
  readonly phone: string | null;
}) {
  const messages = useMessages();
  const clock = useClock();
  const { show } = useSheet();
  const fits = useCallback(
    (row: Row) => row.contact_id === personId || (phone !== null && row.contact_phone === phone),
    [personId, phone],
  );
  const bookings = useRowsWhere("appointments", fits)
    .flatMap(({ row, tentative }) => {
      const appointment = toAppointment(row);
      return appointment === null ? [] : [{ appointment, tentative }];
    })
    .sort((a, b) => b.appointment.start.localeCompare(a.appointment.start));
  if (bookings.length === 0) return <p className={page.nothing}>{messages.person.noBookings}</p>;
  return (
    <ul className={styles.list}>
      {bookings.map(({ appointment: { id, start, service_name: service, status }, tentative }) => (
        <li key={id} className={styles.item}>
          <span className={styles.text}>
            <button type="button" className={page.nameButton} onClick={() => show("apt", id)}>
              {momentOf(start, clock)}
            </button>
            <span className={page.muted}>{service}</span>
          </span>
          <StatusPill kind="appointment" status={status} tentative={tentative} />
          {(status === "pending" || tentative) && (
            <BookingConfirmButton
              appointmentId={id}
              size="small"
              context={momentOf(start, clock)}
            />
          )}
        </li>
      ))}
    </ul>
  );
}
