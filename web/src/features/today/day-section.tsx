import { dayOf, shortDayOf } from "@/ui/format";
import { messages } from "@/ui/messages";
import type { AgendaDay } from "./agenda";
import { AppointmentRow } from "./appointment-row";
import styles from "./day-section.module.css";
import { daysAfter } from "./days";

export interface DaySectionProps {
  readonly day: AgendaDay;
  readonly today: string;
  readonly timeZone: string;
}

/** The appointments of one day. */
export function DaySection({ day: { day, entries }, today, timeZone }: DaySectionProps) {
  const relative = relativeOf(day, today);
  // A calendar day has no zone: noon UTC is on it wherever it is formatted as UTC.
  const noon = `${day}T12:00:00Z`;
  const date = relative === null ? dayOf(noon, "UTC") : shortDayOf(noon, "UTC");
  return (
    <section aria-labelledby={`day-${day}`} className={styles.section} data-day={day}>
      <h2 id={`day-${day}`} className={styles.heading}>
        {relative !== null && <span>{relative}</span>}
        <span className={relative === null ? undefined : styles.date}>{date}</span>
        <span className={styles.count}>{messages.today.appointments(entries.length)}</span>
      </h2>
      <ol className={styles.list}>
        {entries.map((entry) => (
          <AppointmentRow key={entry.appointment.id} {...entry} timeZone={timeZone} />
        ))}
      </ol>
    </section>
  );
}

function relativeOf(day: string, today: string): string | null {
  if (day === today) return messages.today.days.today;
  return day === daysAfter(today, 1) ? messages.today.days.tomorrow : null;
}
