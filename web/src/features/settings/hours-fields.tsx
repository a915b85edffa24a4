import { DAYS, type Day, type Hours, type Settings } from "@/api/settings";
import { useMessages } from "@/ui/messages";
import page from "@/ui/page.module.css";
import styles from "./settings-page.module.css";

export interface HoursFieldsProps {
  readonly hours: Settings["opening_hours"];
  readonly onChange: (hours: Settings["opening_hours"]) => void;
}

const OFFICE: Hours = [["09:00", "17:00"]];

/** When the business is open, day by day. A day may have several stretches; its break lies between. */
export function HoursFields({ hours, onChange }: HoursFieldsProps) {
  const { settings } = useMessages();
  const set = (day: Day, stretches: Hours): void => onChange({ ...hours, [day]: stretches });
  return (
    <section className={page.section} aria-labelledby="hours">
      <div className={page.sectionHead}>
        <h2 id="hours" className={page.sectionTitle}>
          {settings.hours}
        </h2>
      </div>
      {DAYS.map((day) => (
        <div key={day} className={styles.day} role="group" aria-label={settings.days[day]}>
          <label className={styles.dayName}>
            <input
              type="checkbox"
              checked={hours[day].length > 0}
              onChange={({ target }) => set(day, target.checked ? OFFICE : [])}
            />
            {settings.days[day]}
          </label>
          {hours[day].length === 0 && <span className={page.muted}>{settings.closed}</span>}
          {hours[day].map(([from, to], index) => {
            const change = (stretch: readonly [string, string]): void =>
              set(
                day,
                hours[day].map((each, at) => (at === index ? stretch : each)),
              );
            return (
              <span key={index} className={styles.stretch}>
                <input
                  className={page.input}
                  type="time"
                  aria-label={`${settings.days[day] ?? day} 1`}
                  value={from}
                  onChange={({ target }) => change([target.value, to])}
                />
                {"–"}
                <input
                  className={page.input}
                  type="time"
                  aria-label={`${settings.days[day] ?? day} 2`}
                  value={to}
                  onChange={({ target }) => change([from, target.value])}
                />
              </span>
            );
          })}
        </div>
      ))}
    </section>
  );
}
