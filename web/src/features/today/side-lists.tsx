import type { ReactNode } from "react";
import { Link } from "wouter";

import type { Text } from "@/api/texts";
import { dayAt, daysAfter } from "@/data/days";
import { useOne } from "@/data/use-one";
import { BookingConfirmButton } from "@/ui/buttons/booking-confirm-button";
import { useClock } from "@/ui/clock";
import { timeOf, weekdayOf } from "@/ui/format";
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
        {unanswered.slice(0, SHOWN).map((text) => (
          <Unanswered key={text.id} text={text} />
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

function Unanswered({ text }: { readonly text: Text }) {
  const messages = useMessages();
  const clock = useClock();
  const kind = text.personTable === "leads" ? "lead" : "contact";
  const row = useOne(text.personTable, kind, text.personId).view?.row;
  const name = typeof row?.name === "string" ? row.name : messages.list.unnamed;
  return (
    <li className={styles.item}>
      <span className={styles.text}>
        <Link
          className={styles.name}
          href={`/inbox/${encodeURIComponent(`${text.personTable}:${text.personId}`)}`}
        >
          {name}
        </Link>
        <span className={styles.hint}>
          {timeOf(text.at, clock)} · {text.message}
        </span>
      </span>
    </li>
  );
}
