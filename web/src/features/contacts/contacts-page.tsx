import { useMemo } from "react";

import { CONTACT_STATUSES, toContact, type Contact } from "@/api/persons";
import { CONTACTS } from "@/data/lists";
import { PeoplePage } from "@/parts/people-page";
import { NameCell, PhoneCell } from "@/parts/person-cells";
import type { Column } from "@/parts/virtual-table";
import { CallBackButton } from "@/ui/buttons/contact-buttons";
import { useClock } from "@/ui/clock";
import { dateOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import { StatusPill } from "@/ui/status-pill";

/** Everybody who called or wrote. */
export default function ContactsPage() {
  const messages = useMessages();
  return (
    <PeoplePage
      kind="contact"
      source={CONTACTS}
      toPerson={toContact}
      statuses={CONTACT_STATUSES}
      statusOf={statusOf}
      valueOf={valueOf}
      columns={useColumns()}
      words={messages.contacts}
    />
  );
}

function statusOf({ lead_status: status }: Contact): string {
  return status;
}

function valueOf(contact: Contact, column: string): string | null {
  if (column === "changed") return contact.updated_at;
  return column === "status" ? contact.lead_status : contact.name;
}

function useColumns(): readonly Column<Contact>[] {
  const messages = useMessages();
  const clock = useClock();
  return useMemo(() => {
    const { leads } = messages;
    return [
      {
        key: "name",
        title: leads.name,
        width: "minmax(10rem, 1.4fr)",
        sortable: true,
        cell: ({ id, name }) => <NameCell kind="contact" id={id} name={name} />,
      },
      {
        key: "status",
        title: leads.status,
        width: "8rem",
        sortable: true,
        cell: ({ lead_status: status }) => <StatusPill kind="lead" status={status} />,
      },
      {
        key: "phone",
        title: leads.phone,
        width: "8.5rem",
        wideOnly: true,
        cell: ({ phone }) => <PhoneCell phone={phone} />,
      },
      {
        key: "email",
        title: messages.person.email,
        width: "minmax(6rem, 1fr)",
        wideOnly: true,
        cell: (each) => each.email,
      },
      {
        key: "changed",
        title: leads.changed,
        width: "6rem",
        sortable: true,
        wideOnly: true,
        cell: (each) => (each.updated_at === null ? "" : dateOf(each.updated_at, clock)),
      },
      {
        key: "act",
        title: messages.callBack.label,
        titleHidden: true,
        width: "7rem",
        wideOnly: true,
        cell: ({ id, name }) => (
          <CallBackButton contactId={id} size="small" notes="floating" context={name} />
        ),
      },
    ];
  }, [messages, clock]);
}
