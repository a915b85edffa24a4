import { useMemo } from "react";
import { Link } from "wouter";

import { isManager } from "@/api/me";
import { unansweredOf } from "@/data/unanswered";
import { useMe } from "@/data/me";
import { Composer } from "@/parts/composer";
import { Thread } from "@/parts/thread";
import type { PersonRef } from "@/parts/use-thread";
import { useRow } from "@/sync";
import { Avatar } from "@/ui/avatar";
import { useClock } from "@/ui/clock";
import { dateOf, phoneOf } from "@/ui/format";
import { Hidden } from "@/ui/live-region";
import { useMessages } from "@/ui/messages";
import { Notice } from "@/ui/notice";
import { PageHeader } from "@/ui/page-header";
import { SkeletonRows } from "@/ui/skeleton";
import styles from "./inbox-page.module.css";
import { useConversations, type Conversation } from "./use-conversations";

/** The conversations, unanswered ones first, and one of them beside them. */
export default function InboxPage({ id }: { readonly id?: string }) {
  const messages = useMessages();
  const { conversations, isLoading } = useConversations();
  const unanswered = useMemo(
    () =>
      new Set(unansweredOf(conversations.map(({ last }) => last)).map(({ personId }) => personId)),
    [conversations],
  );
  const chosen = readRef(id ?? "");
  const ordered = useMemo(
    () =>
      [...conversations].sort(
        (a, b) =>
          Number(unanswered.has(b.person.id)) - Number(unanswered.has(a.person.id)) ||
          b.last.at.localeCompare(a.last.at),
      ),
    [conversations, unanswered],
  );
  return (
    <div className={styles.page} data-open={chosen !== null}>
      <div className={styles.list}>
        <PageHeader
          title={messages.inbox.title}
          subtitle={
            unanswered.size > 0
              ? `${String(unanswered.size)} ${messages.inbox.unanswered.toLowerCase()}`
              : undefined
          }
        />
        {isLoading && <SkeletonRows rows={8} height={64} />}
        {!isLoading && ordered.length === 0 && (
          <Notice title={messages.inbox.empty} text={messages.inbox.emptyHint} />
        )}
        <ul>
          {ordered.map((conversation) => (
            <Item
              key={conversation.person.id}
              conversation={conversation}
              isUnanswered={unanswered.has(conversation.person.id)}
              isChosen={conversation.person.id === chosen?.id}
            />
          ))}
        </ul>
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
  readonly isUnanswered: boolean;
  readonly isChosen: boolean;
}

function Item({ conversation: { person, last, name }, isUnanswered, isChosen }: ItemProps) {
  const messages = useMessages();
  const clock = useClock();
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
              {dateOf(last.at, clock)}
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
  const row = useRow(person.table, person.id)?.row;
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
      </header>
      <Thread person={person} canResend={isManager(me)} />
      {!isOut && phone !== null && <Composer person={person} name={name} />}
      {isOut && <p className={styles.out}>{messages.errors.RECIPIENT_OPTED_OUT}</p>}
    </>
  );
}
