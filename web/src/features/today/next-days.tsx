import { useBayName } from "@/data/bays";
import { daysAfter } from "@/data/days";
import { useClock } from "@/ui/clock";
import { shortDayOf, timeOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import { StatusPill } from "@/ui/status-pill";
import { useSheet } from "@/ui/use-sheet";
import styles from "./next-days.module.css";
import type { Entry, Today } from "./use-today";

/** The next days on which somebody comes, a line for each visit. */
export function NextDays({ today }: { readonly today: Today }) {
  const messages = useMessages();
  const clock = useClock();
  return today.next.map(({ day, entries }) => (
    <section key={day} className={styles.day}>
      <h2 className={styles.heading}>
        {day === daysAfter(today.day, 1)
          ? messages.today.tomorrow
          : shortDayOf(`${day}T12:00:00Z`, { ...clock, timeZone: "UTC" })}
        <span className={styles.count}>{messages.today.appointments(entries.length)}</span>
      </h2>
      <ul className={styles.list}>
        {entries.map((entry) => (
          <Visit key={entry.appointment.id} entry={entry} />
        ))}
      </ul>
    </section>
  ));
}

function Visit({ entry: { appointment, tentative } }: { readonly entry: Entry }) {
  const messages = useMessages();
  const clock = useClock();
  const bayName = useBayName();
  const { show } = useSheet();
  const { id, start, status } = appointment;
  return (
    <li className={styles.visit} data-row data-later-id={id}>
      <time className={styles.time} dateTime={start}>
        {timeOf(start, clock)}
      </time>
      <button type="button" className={styles.name} onClick={() => show("apt", id)}>
        {appointment.contact_name ?? messages.list.unnamed}
      </button>
      <span className={styles.what}>{appointment.service_name}</span>
      <span className={styles.bay}>{bayName(appointment.resource)}</span>
      <StatusPill kind="appointment" status={status} tentative={tentative} />
    </li>
  );
}
