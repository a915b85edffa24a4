import type { ReactNode } from "react";
import { Link } from "wouter";

import type { Conversation } from "@/api/threads";
import { dayAt, daysAfter } from "@/data/days";
import { usePersonName } from "@/data/use-person-name";
import { BookingConfirmButton } from "@/ui/buttons/booking-confirm-button";
import { useClock } from "@/ui/clock";
import { momentOf, timeOf, weekdayOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import { useSheet } from "@/ui/use-sheet";
import { CallBack } from "./call-back";
import styles from "./side-lists.module.css";
import type { Entry, Today } from "./use-today";

const SHOWN = 6;

/** What waits for somebody: bookings to confirm, people to call back, texts to answer. */
export function SideLists({ today }: { readonly today: Today }) {
  const messages = useMessages();
  const { toConfirm, calls, unanswered } = today;
  const ofToday = new Set(today.today.map(({ appointment }) => appointment.id));
  // Those of today have their button in the day itself.
  const later = toConfirm.filter(({ appointment }) => !ofToday.has(appointment.id));
  return (
    <>
      <Group
        title={messages.today.toConfirm}
        count={toConfirm.length}
        testId="to-confirm"
        nothing={messages.today.allConfirmed}
      >
        {later.slice(0, SHOWN).map((entry) => (
          <ToConfirm key={entry.appointment.id} entry={entry} today={today.day} />
        ))}
      </Group>
      {calls !== null && (
        <Group
          title={messages.today.callBacks}
          count={calls.length}
          nothing={messages.today.noCallBacks}
          testId="call-backs"
        >
          {calls.slice(0, SHOWN).map((call) => (
            <CallBack key={call.id} call={call} />
          ))}
        </Group>
      )}
      <Group
        title={messages.today.unanswered}
        count={unanswered.length}
        nothing={messages.today.noTexts}
      >
        {unanswered.slice(0, SHOWN).map((conversation) => (
          <Unanswered key={conversation.last.id} conversation={conversation} today={today.day} />
        ))}
      </Group>
    </>
  );
}

interface GroupProps {
  readonly title: string;
  readonly count: number;
  readonly nothing: string;
  readonly testId?: string;
  readonly children: ReactNode;
}

function Group({ title, count, nothing, testId, children }: GroupProps) {
  return (
    <section aria-label={title}>
      <h2 className={styles.title}>
        {title}
        <span className={styles.count} data-testid={testId}>
          {count}
        </span>
      </h2>
      {count === 0 ? (
        <p className={styles.nothing}>{nothing}</p>
      ) : (
        <ul className={styles.list}>{children}</ul>
      )}
    </section>
  );
}

function ToConfirm({
  entry: { appointment },
  today,
}: {
  readonly entry: Entry;
  readonly today: string;
}) {
  const messages = useMessages();
  const clock = useClock();
  const { show } = useSheet();
  const { id, start } = appointment;
  const day = dayAt(Date.parse(start), clock.timeZone);
  const name = appointment.contact_name ?? messages.list.unnamed;
  const time = timeOf(start, clock);
  const when =
    day === today
      ? time
      : `${day === daysAfter(today, 1) ? messages.today.tomorrow : weekdayOf(start, clock)} ${time}`;
  return (
    <li className={styles.item} data-pending-id={id}>
      <span className={styles.text}>
        <button type="button" className={styles.name} onClick={() => show("apt", id)}>
          {name}
        </button>
        <span className={styles.hint}>
          {when} · {appointment.service_name}
        </span>
      </span>
      <BookingConfirmButton
        appointmentId={id}
        size="small"
        notes="floating"
        context={messages.confirmBooking.context(name, when)}
      />
    </li>
  );
}

function Unanswered({
  conversation,
  today,
}: {
  readonly conversation: Conversation;
  readonly today: string;
}) {
  const clock = useClock();
  const name = usePersonName(conversation);
  const { person, last } = conversation;
  const isToday = dayAt(Date.parse(last.at), clock.timeZone) === today;
  return (
    <li className={styles.item}>
      <span className={styles.text}>
        <Link
          className={styles.name}
          href={`/inbox/${encodeURIComponent(`${person.table}:${person.id}`)}`}
        >
          {name}
        </Link>
        <span className={styles.hint}>
          {isToday ? timeOf(last.at, clock) : momentOf(last.at, clock)} · {last.message}
        </span>
      </span>
    </li>
  );
}
