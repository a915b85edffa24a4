import type { ReactNode } from "react";

import { CONTACTS, LEADS } from "@/data/lists";
import { useList } from "@/data/use-list";
import { useRows } from "@/sync";
import { BookingConfirmButton } from "@/ui/buttons/booking-confirm-button";
import { CallBackButton, MarkBookedButton, MarkLostButton } from "@/ui/buttons/contact-buttons";
import { LeadStatusBulkUpdateButton } from "@/ui/buttons/lead-status-bulk-update-button";
import { LeadStatusButton } from "@/ui/buttons/lead-status-button";
import { SendSMSButton } from "@/ui/buttons/send-sms-button";
import { Flash } from "@/ui/flash";
import { useMessages } from "@/ui/messages";
import { PageHeader } from "@/ui/page-header";
import { SyncChip } from "@/ui/sync-chip";
import { UpdatedAgo } from "@/ui/updated-ago";
import page from "@/ui/page.module.css";
import styles from "./gallery-page.module.css";

/** Every component of the library, live. */
export default function GalleryPage() {
  const { gallery } = useMessages();
  const [leads, contacts] = [useList(LEADS), useList(CONTACTS)];
  const bookings = useRows("appointments");
  const lead = leads.views.find(({ row }) => row.status !== "won")?.row;
  const contact = contacts.views[0]?.row;
  const booking = bookings.find(({ row, tentative }) => row.status === "pending" || tentative)?.row;
  const [leadId, contactId, bookingId] = [lead, contact, booking].map((row) =>
    typeof row?.id === "string" ? row.id : null,
  );
  const status = typeof lead?.status === "string" ? lead.status : "new";
  const some = leads.views.slice(0, 3).map(({ id }) => id);
  return (
    <>
      <PageHeader title={gallery.title} subtitle={gallery.intro} />
      <div className={styles.gallery}>
        <Piece
          name="BookingConfirmButton"
          props="appointmentId variant confirmMessage onSuccess onError onProgress"
        >
          {bookingId == null ? (
            gallery.noRow
          ) : (
            <>
              <BookingConfirmButton appointmentId={bookingId} />
              <BookingConfirmButton
                appointmentId={bookingId}
                variant="with-confirm"
                tone="primary"
              />
              <BookingConfirmButton appointmentId={bookingId} variant="disabled" />
            </>
          )}
        </Piece>
        <Piece
          name="SendSMSButton"
          props="leadId | contactId message templateId variables variant onProgress"
        >
          {leadId == null ? (
            gallery.noRow
          ) : (
            <SendSMSButton
              leadId={leadId}
              message="Hello from the gallery"
              variant="with-progress"
            />
          )}
        </Piece>
        <Piece name="LeadStatusButton" props="leadId currentStatus variant confirmMessage">
          {leadId == null ? (
            gallery.noRow
          ) : (
            <LeadStatusButton leadId={leadId} currentStatus={status} variant="with-confirm" />
          )}
        </Piece>
        <Piece
          name="LeadStatusBulkUpdateButton"
          props="leadIds targetStatus atomic variant onProgress"
        >
          <LeadStatusBulkUpdateButton
            leadIds={some}
            targetStatus="contacted"
            variant="with-progress"
          />
        </Piece>
        <Piece name="CallBackButton" props="contactId callNotes scheduledFor">
          {contactId == null ? gallery.noRow : <CallBackButton contactId={contactId} />}
        </Piece>
        <Piece name="MarkBookedButton · MarkLostButton" props="contactId variant">
          {contactId == null ? (
            gallery.noRow
          ) : (
            <>
              <MarkBookedButton contactId={contactId} />
              <MarkLostButton contactId={contactId} tone="quiet" />
            </>
          )}
        </Piece>
        <Piece name="SyncChip · OfflineIndicator" props="onSignIn">
          <SyncChip />
        </Piece>
        <Piece name="UpdatedAgo · Flash" props="readAt busy failed onRefresh · table id">
          <UpdatedAgo
            readAt={leads.readAt}
            busy={leads.isRefreshing}
            failed
            onRefresh={leads.refresh}
          />
          {leadId != null && <Flash table="leads" id={leadId} />}
        </Piece>
      </div>
    </>
  );
}

interface PieceProps {
  readonly name: string;
  readonly props: string;
  readonly children: ReactNode;
}

function Piece({ name, props, children }: PieceProps) {
  return (
    <section className={page.section} aria-label={name}>
      <div className={page.sectionHead}>
        <h2 className={page.sectionTitle}>{name}</h2>
      </div>
      <div className={styles.stage}>{children}</div>
      <p className={styles.props}>
        {props.split(" ").map((each, index) => (
          <code key={`${each}${String(index)}`}>{each} </code>
        ))}
      </p>
    </section>
  );
}
