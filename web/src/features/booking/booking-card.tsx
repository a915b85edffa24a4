import { MessageSquare, Phone, Wrench } from "lucide-react";
import { Link } from "wouter";

import { toAppointment } from "@/api/appointments";
import { useBayName } from "@/data/bays";
import { useLeadOf } from "@/data/use-lead-of";
import { useRow } from "@/sync";
import { BookingActions } from "@/parts/booking-actions";
import { GuidedConfirm } from "@/parts/guided-confirm";
import { buttonClass } from "@/ui/button";
import { useClock } from "@/ui/clock";
import { Flash } from "@/ui/flash";
import { dayOf, momentOf, nameOf, phoneOf, timeOf, zoneNameOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import { Notice } from "@/ui/notice";
import { StatusPill } from "@/ui/status-pill";
import { useSheet } from "@/ui/use-sheet";
import page from "@/ui/page.module.css";
import styles from "./booking-card.module.css";

/** The actor of what nobody did in person. */
const SYSTEM = "system";

/** All about one booking, and what can be done with it. */
export default function BookingCard({ id }: { readonly id: string }) {
  const messages = useMessages();
  const clock = useClock();
  const { show } = useSheet();
  const bayName = useBayName();
  const view = useRow("appointments", id);
  const job = useRow("jobs", id);
  const booking = view === undefined ? null : toAppointment(view.row);
  const lead = useLeadOf(booking?.contact_phone ?? null);
  if (booking === null) return <Notice title={messages.person.gone} />;
  const name = booking.contact_name ?? messages.list.unnamed;
  const facts: (readonly [string, string | null])[] = [
    [messages.leads.interest, booking.service_name],
    [messages.today.bay, booking.resource === null ? null : bayName(booking.resource)],
    [messages.leads.phone, booking.contact_phone === null ? null : phoneOf(booking.contact_phone)],
    [messages.person.notes, booking.notes],
  ];
  return (
    <article
      className={styles.card}
      data-booking-card={id}
      data-status={booking.status}
      data-tentative={view?.tentative ?? false}
    >
      <header className={styles.head}>
        <h2 className={styles.when}>
          {timeOf(booking.start, clock)} – {timeOf(booking.end, clock)}
        </h2>
        <p className={page.muted}>
          {dayOf(booking.start, clock)} · {zoneNameOf(new Date(booking.start), clock)}
        </p>
        <p className={styles.who}>
          <button
            type="button"
            className={page.nameButton}
            disabled={booking.contact_id === null}
            onClick={() => booking.contact_id !== null && show("contact", booking.contact_id)}
          >
            {name}
          </button>
          <StatusPill kind="appointment" status={booking.status} tentative={view?.tentative} />
          <Flash table="appointments" id={id} />
        </p>
        <Confirmed booking={booking} />
      </header>
      <div className={styles.actions}>
        <BookingActions booking={booking} tentative={view?.tentative ?? false} />
        {booking.contact_phone !== null && (
          <a className={buttonClass("secondary", "small")} href={`tel:${booking.contact_phone}`}>
            <Phone size={14} aria-hidden="true" />
            {messages.person.call}
          </a>
        )}
        {booking.contact_id !== null && (
          <Link
            className={buttonClass("secondary", "small")}
            href={`/inbox/${encodeURIComponent(`contacts:${booking.contact_id}`)}`}
          >
            <MessageSquare size={14} aria-hidden="true" />
            {messages.person.texts}
          </Link>
        )}
        {job !== undefined && (
          <Link
            className={buttonClass("secondary", "small")}
            href={`/jobs/${encodeURIComponent(id)}`}
          >
            <Wrench size={14} aria-hidden="true" />
            {messages.job.title}
          </Link>
        )}
      </div>
      {lead !== null && (
        <GuidedConfirm booking={booking} lead={lead} tentative={view?.tentative ?? false} />
      )}
      <dl className={styles.facts}>
        {facts.map(([label, value]) =>
          value === null ? null : (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
    </article>
  );
}

/** Who confirmed it, as far as the row tells: it has the person's id, and an address only of the last change. */
function Confirmed({
  booking,
}: {
  readonly booking: NonNullable<ReturnType<typeof toAppointment>>;
}) {
  const { today } = useMessages();
  const clock = useClock();
  const { confirmed_at: at, confirmed_by: by, updated_by: last, status } = booking;
  if (status !== "confirmed" || at === null) return null;
  const when = momentOf(at, clock);
  const email = last !== null && last.id === by ? last.email : "";
  return (
    <p className={page.muted}>
      {by === SYSTEM
        ? today.confirmedAutomatically(when)
        : today.confirmedBy(email === "" ? "" : nameOf(email), when)}
    </p>
  );
}
