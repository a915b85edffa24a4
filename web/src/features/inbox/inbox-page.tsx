import { Link } from "wouter";

import { isManager } from "@/api/me";
import type { Conversation, PersonRef } from "@/api/threads";
import { dayAt } from "@/data/days";
import { useMe } from "@/data/me";
import { useOne } from "@/data/use-one";
import { usePersonName } from "@/data/use-person-name";
import { BookButton } from "@/parts/book-button";
import { Composer } from "@/parts/composer";
import { Thread } from "@/parts/thread";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { useClock } from "@/ui/clock";
import { dateOf, phoneOf, timeOf } from "@/ui/format";
import { Hidden } from "@/ui/live-region";
import { useMessages } from "@/ui/messages";
import { Notice } from "@/ui/notice";
import { PageHeader } from "@/ui/page-header";
import { ListProblem } from "@/ui/problem";
import { SkeletonRows } from "@/ui/skeleton";
import { useNow } from "@/ui/use-now";
import styles from "./inbox-page.module.css";
import { useConversations } from "./use-conversations";

/** The conversations, unanswered ones first, and one of them beside them. */
export default function InboxPage({ id }: { readonly id?: string }) {
  const messages = useMessages();
  const { conversations, isLoading, error, hasOlder, readOlder, refresh } = useConversations();
  const unanswered = conversations.filter(({ isUnanswered }) => isUnanswered).length;
  const chosen = readRef(id ?? "");
  const today = dayAt(useNow(30_000), useClock().timeZone);
  return (
    <div className={styles.page} data-open={chosen !== null}>
      <div className={styles.list}>
        <PageHeader
          title={messages.inbox.title}
          subtitle={
            unanswered > 0
              ? `${String(unanswered)} ${messages.inbox.unanswered.toLowerCase()}`
              : undefined
          }
        />
        {isLoading && <SkeletonRows rows={8} height={64} />}
        {error !== null && (
          <ListProblem what={messages.inbox.title} error={error} onRetry={refresh} />
        )}
        {!isLoading && error === null && conversations.length === 0 && (
          <Notice title={messages.inbox.empty} text={messages.inbox.emptyHint} />
        )}
        <ul>
          {conversations.map((conversation) => (
            <Item
              key={`${conversation.person.table}/${conversation.person.id}`}
              conversation={conversation}
              today={today}
              isChosen={conversation.person.id === chosen?.id}
            />
          ))}
        </ul>
        {hasOlder && (
          <Button size="small" className={styles.older ?? ""} onClick={readOlder}>
            {messages.inbox.olderConversations}
          </Button>
        )}
      </div>
      <div className={styles.thread}>
        {chosen === null ? (
          <Notice title={messages.inbox.choose} />
        ) : (
          <Open key={`${chosen.table}/${chosen.id}`} person={chosen} />
        )}
      </div>
    </div>
  );
}

/** `leads:lead_1` in an address. */
function readRef(name: string): PersonRef | null {
  const [table, ...rest] = name.split(":");
  const id = rest.join(":");
  return (table === "leads" || table === "contacts") && id !== "" ? { table, id } : null;
}

interface ItemProps {
  readonly conversation: Conversation;
  readonly today: string;
  readonly isChosen: boolean;
}

function Item({ conversation, today, isChosen }: ItemProps) {
  const { person, last, isUnanswered } = conversation;
  const messages = useMessages();
  const name = usePersonName(conversation);
  const clock = useClock();
  const isToday = dayAt(Date.parse(last.at), clock.timeZone) === today;
  return (
    <li>
      <Link
        className={styles.item}
        href={`/inbox/${encodeURIComponent(`${person.table}:${person.id}`)}`}
        aria-current={isChosen ? "true" : undefined}
        data-unanswered={isUnanswered}
      >
        <Avatar name={name} size={32} />
        <span className={styles.text}>
          <span className={styles.line}>
            <span className={styles.name}>{name}</span>
            <time className={styles.when} dateTime={last.at}>
              {isToday ? timeOf(last.at, clock) : dateOf(last.at, clock)}
            </time>
          </span>
          <span className={styles.preview}>
            {last.isOut && <span>{messages.inbox.you}: </span>}
            {last.message}
          </span>
        </span>
        {isUnanswered && (
          <span className={styles.dot}>
            <Hidden>{messages.inbox.unanswered}</Hidden>
          </span>
        )}
      </Link>
    </li>
  );
}

function Open({ person }: { readonly person: PersonRef }) {
  const messages = useMessages();
  const me = useMe();
  const kind = person.table === "leads" ? "lead" : "contact";
  const row = useOne(person.table, kind, person.id).view?.row;
  const name = typeof row?.name === "string" && row.name !== "" ? row.name : messages.list.unnamed;
  const phone = typeof row?.phone === "string" ? row.phone : null;
  const isOut = typeof row?.opted_out_at === "string";
  return (
    <>
      <header className={styles.head}>
        <Link className={styles.back} href="/inbox" aria-label={messages.inbox.title}>
          ←
        </Link>
        <Avatar name={name} size={32} />
        <div>
          <h1 className={styles.title}>
            <Link
              className={styles.open}
              href={`/${person.table}/${encodeURIComponent(person.id)}`}
            >
              {name}
            </Link>
          </h1>
          {phone !== null && <p className={styles.when}>{phoneOf(phone)}</p>}
        </div>
        <span className={styles.act}>
          <BookButton customer={{ table: person.table, id: person.id, name, phone }} />
        </span>
      </header>
      <Thread person={person} canResend={isManager(me)} />
      {!isOut && phone !== null && <Composer person={person} name={name} />}
      {isOut && <p className={styles.out}>{messages.errors.RECIPIENT_OPTED_OUT}</p>}
    </>
  );
}
