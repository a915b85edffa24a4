import { Phone } from "lucide-react";
import { useState } from "react";

import { isManager } from "@/api/me";
import { toContact, toLead } from "@/api/persons";
import { useMe } from "@/data/me";
import { useOne } from "@/data/use-one";
import { BookButton } from "@/parts/book-button";
import { Composer } from "@/parts/composer";
import { Thread } from "@/parts/thread";
import { Avatar } from "@/ui/avatar";
import { buttonClass } from "@/ui/button";
import { CallBackButton, MarkBookedButton, MarkLostButton } from "@/ui/buttons/contact-buttons";
import { LeadStatusButton } from "@/ui/buttons/lead-status-button";
import { useClock } from "@/ui/clock";
import { Flash } from "@/ui/flash";
import { dateOf, phoneOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import { Notice } from "@/ui/notice";
import { ListProblem } from "@/ui/problem";
import { SkeletonRows } from "@/ui/skeleton";
import { StatusPill } from "@/ui/status-pill";
import { Tabs } from "@/ui/tabs";
import { Activity } from "./activity";
import { Bookings } from "./bookings";
import { Facts } from "./facts";
import styles from "./person-card.module.css";

export interface PersonCardProps {
  readonly kind: "lead" | "contact";
  readonly id: string;
  /** On a page of its own the facts stand beside the rest. */
  readonly wide?: boolean;
}

const TABLES = { lead: "leads", contact: "contacts" } as const;
type Tab = "texts" | "bookings" | "activity" | "facts";

/** All about one lead or contact: who it is, what can be done, texts, bookings, what happened. */
export default function PersonCard({ kind, id, wide = false }: PersonCardProps) {
  const messages = useMessages();
  const clock = useClock();
  const me = useMe();
  const table = TABLES[kind];
  const { view, isLoading, isGone, error, refresh } = useOne(table, kind, id);
  const [tab, setTab] = useState<Tab>("texts");
  const person =
    view === undefined ? null : kind === "lead" ? toLead(view.row) : toContact(view.row);
  if (person === null) {
    if (isLoading) return <SkeletonRows rows={6} />;
    if (isGone || error === null) return <Notice title={messages.person.gone} />;
    return <ListProblem what={messages.person[kind]} error={error} onRetry={refresh} />;
  }
  const name = person.name === "" ? messages.list.unnamed : person.name;
  const tabs: readonly Tab[] = wide
    ? ["texts", "bookings", "activity"]
    : ["texts", "bookings", "activity", "facts"];
  return (
    <article className={styles.card} data-wide={wide} data-person-id={id}>
      <header className={styles.head}>
        <Avatar name={name} size={40} />
        <div className={styles.who}>
          <h2 className={styles.name}>{name}</h2>
          <p className={styles.sub}>
            {messages.person[kind]}
            {person.phone !== null && <> · {phoneOf(person.phone)}</>}{" "}
            <Flash table={table} id={id} />
          </p>
        </div>
      </header>
      <div className={styles.actions}>
        {"status" in person ? (
          <LeadStatusButton
            leadId={id}
            currentStatus={person.status}
            context={name}
            variant="with-confirm"
          />
        ) : (
          <StatusPill kind="lead" status={person.lead_status} tentative={view?.tentative} />
        )}
        {person.phone !== null && (
          <a className={buttonClass("secondary", "small")} href={`tel:${person.phone}`}>
            <Phone size={14} aria-hidden="true" />
            {messages.person.call}
          </a>
        )}
        <BookButton customer={{ table, id, name, phone: person.phone }} />
        {kind === "contact" && (
          <>
            <CallBackButton contactId={id} size="small" context={name} />
            <MarkBookedButton
              contactId={id}
              size="small"
              context={name}
              disabled={"lead_status" in person && person.lead_status === "booked"}
            />
            <MarkLostButton
              contactId={id}
              size="small"
              context={name}
              tone="quiet"
              disabled={"lead_status" in person && person.lead_status === "lost"}
            />
          </>
        )}
      </div>
      {person.opted_out_at !== null && (
        <p className={styles.optedOut}>
          {messages.person.optedOut(dateOf(person.opted_out_at, clock))}
        </p>
      )}
      <Tabs
        label={name}
        chosen={tab}
        onChoose={setTab}
        tabs={tabs.map((each) => ({ key: each, label: messages.person[each] }))}
      >
        {tab === "texts" && (
          <div className={styles.texts}>
            <Thread person={{ table, id }} canResend={isManager(me)} />
            {person.phone === null ? (
              <p className={styles.optedOut}>{messages.person.noNumber}</p>
            ) : (
              person.opted_out_at === null && <Composer person={{ table, id }} name={name} />
            )}
          </div>
        )}
        {tab === "bookings" && <Bookings personId={id} phone={person.phone} />}
        {tab === "activity" && <Activity table={table} id={id} />}
        {tab === "facts" && <Facts person={person} />}
      </Tabs>
      {wide && (
        <aside className={styles.facts}>
          <Facts person={person} />
        </aside>
      )}
    </article>
  );
}
