import { useCallback, useMemo } from "react";

import { CONTACT_STATUSES, toContact, type Contact } from "@/api/persons";
import { CONTACTS } from "@/data/lists";
import { useList } from "@/data/use-list";
import { PeopleFilter } from "@/parts/people-filter";
import { usePeople, usePeopleQuery } from "@/parts/use-people-list";
import { VirtualTable, type Column } from "@/parts/virtual-table";
import { CallBackButton } from "@/ui/buttons/contact-buttons";
import { useClock } from "@/ui/clock";
import { Flash } from "@/ui/flash";
import { dateOf, phoneOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import { Notice } from "@/ui/notice";
import { PageHeader } from "@/ui/page-header";
import { ListProblem, StaleLine } from "@/ui/problem";
import { SkeletonRows } from "@/ui/skeleton";
import { StatusPill } from "@/ui/status-pill";
import { UpdatedAgo } from "@/ui/updated-ago";
import { useSheet } from "@/ui/use-sheet";
import page from "@/ui/page.module.css";
import styles from "./contacts-page.module.css";

/** Everybody who called or wrote. */
export default function ContactsPage() {
  const messages = useMessages();
  const list = useList(CONTACTS);
  const query = usePeopleQuery();
  const all = useMemo(() => list.views.flatMap(({ row }) => toContact(row) ?? []), [list.views]);
  const ofStatus = useMemo(
    () => (query.status === "" ? all : all.filter((each) => each.lead_status === query.status)),
    [all, query.status],
  );
  const contacts = usePeople(ofStatus, query, valueOf, messages.locale);
  const { show } = useSheet();
  const columns = useColumns();
  const open = useCallback(({ id }: Contact) => show("contact", id), [show]);
  return (
    <div className={styles.page}>
      <PageHeader
        title={messages.contacts.title}
        subtitle={list.isKnown ? messages.contacts.count(all.length) : undefined}
      >
        <UpdatedAgo
          readAt={list.readAt}
          busy={list.isRefreshing}
          failed={list.error !== null}
          onRefresh={list.refresh}
        />
      </PageHeader>
      {list.error !== null && list.isKnown && <StaleLine error={list.error} />}
      {list.isKnown && (
        <PeopleFilter
          query={query}
          statuses={CONTACT_STATUSES.map((status) => ({
            status,
            count: all.filter((each) => each.lead_status === status).length,
          }))}
        />
      )}
      {list.isLoading && <SkeletonRows rows={14} />}
      {list.error !== null && !list.isKnown && (
        <ListProblem what={messages.contacts.title} error={list.error} onRetry={list.refresh} />
      )}
      {list.isKnown && contacts.length === 0 && (
        <Notice
          title={all.length === 0 ? messages.contacts.empty : messages.list.noMatch}
          text={all.length === 0 ? messages.contacts.emptyHint : undefined}
        />
      )}
      {list.isKnown && contacts.length > 0 && (
        <VirtualTable
          label={messages.contacts.title}
          rows={contacts}
          columns={columns}
          sort={query.sort === "" ? "name" : query.sort}
          onSort={(sort) => query.set("sort", sort)}
          onOpen={open}
          rowProps={({ id }) => ({ "data-contact-id": id })}
        />
      )}
    </div>
  );
}

function valueOf(contact: Contact, column: string): string | null {
  if (column === "changed") return contact.updated_at;
  return column === "status" ? contact.lead_status : contact.name;
}

function useColumns(): readonly Column<Contact>[] {
  const messages = useMessages();
  const clock = useClock();
  const { show } = useSheet();
  return useMemo(() => {
    const { leads } = messages;
    return [
      {
        key: "name",
        title: leads.name,
        width: "minmax(10rem, 1.4fr)",
        sortable: true,
        cell: ({ id, name }) => (
          <span className={styles.name}>
            <button
              type="button"
              className={page.nameButton}
              tabIndex={-1}
              onClick={() => show("contact", id)}
            >
              {name === "" ? messages.list.unnamed : name}
            </button>
            <Flash table="contacts" id={id} />
          </span>
        ),
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
        cell: ({ phone }) =>
          phone === null ? (
            ""
          ) : (
            <a className={styles.phone} href={`tel:${phone}`}>
              {phoneOf(phone)}
            </a>
          ),
      },
      {
        key: "source",
        title: leads.source,
        width: "minmax(6rem, 1fr)",
        wideOnly: true,
        cell: (each) => each.source,
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
        title: "",
        width: "7rem",
        wideOnly: true,
        cell: ({ id, name }) => (
          <CallBackButton contactId={id} size="small" notes="floating" context={name} />
        ),
      },
    ];
  }, [messages, clock, show]);
}
