import { Plus, X } from "lucide-react";

import { DAYS, type Day, type Hours, type Settings } from "@/api/settings";
import { clockText, minutesOf } from "@/data/wall-time";
import { Button } from "@/ui/button";
import { useMessages } from "@/ui/messages";
import page from "@/ui/page.module.css";
import styles from "./settings-page.module.css";

export interface HoursFieldsProps {
  readonly hours: Settings["opening_hours"];
  readonly onChange: (hours: Settings["opening_hours"]) => void;
}

const OFFICE: Hours = [["09:00", "17:00"]];
const MOST = 6;

/** When the business is open, day by day. A day may have several stretches; its break lies between. */
export function HoursFields({ hours, onChange }: HoursFieldsProps) {
  const { settings } = useMessages();
  return (
    <section className={page.section} aria-labelledby="hours">
      <div className={page.sectionHead}>
        <h2 id="hours" className={page.sectionTitle}>
          {settings.hours}
        </h2>
      </div>
      {DAYS.map((day) => (
        <DayFields
          key={day}
          day={day}
          stretches={hours[day]}
          onChange={(stretches) => onChange({ ...hours, [day]: stretches })}
        />
      ))}
    </section>
  );
}

interface DayFieldsProps {
  readonly day: Day;
  readonly stretches: Hours;
  readonly onChange: (stretches: Hours) => void;
}

function DayFields({ day, stretches, onChange }: DayFieldsProps) {
  const { settings, rules, form } = useMessages();
  const name = settings.days[day] ?? day;
  const replace = (at: number, stretch: Hours[number]): void =>
    onChange(stretches.map((each, index) => (index === at ? stretch : each)));
  return (
    <div className={styles.day} role="group" aria-label={name}>
      <label className={styles.dayName}>
        <input
          type="checkbox"
          checked={stretches.length > 0}
          onChange={({ target }) => onChange(target.checked ? OFFICE : [])}
        />
        {name}
      </label>
      {stretches.length === 0 && <span className={page.muted}>{settings.closed}</span>}
      {stretches.map(([from, to], index) => (
        <span key={index} className={styles.stretch}>
          <Time label={rules.from(name)} value={from} onChange={(at) => replace(index, [at, to])} />
          {"–"}
          <Time label={rules.to(name)} value={to} onChange={(at) => replace(index, [from, at])} />
          {stretches.length > 1 && (
            <Button
              size="icon"
              tone="quiet"
              aria-label={`${form.remove} ${from}–${to}`}
              onClick={() => onChange(stretches.filter((_, at) => at !== index))}
            >
              <X size={14} aria-hidden="true" />
            </Button>
          )}
        </span>
      ))}
      {stretches.length > 0 && stretches.length < MOST && (
        <Button
          size="icon"
          tone="quiet"
          aria-label={rules.addStretch(name)}
          title={rules.addStretch(name)}
          onClick={() => onChange([...stretches, after(stretches)])}
        >
          <Plus size={14} aria-hidden="true" />
        </Button>
      )}
    </div>
  );
}

/** An hour from the end of the last stretch on, as far as the day goes. */
function after(stretches: Hours): Hours[number] {
  const [, from = "12:00"] = stretches.at(-1) ?? [];
  const end = (minutesOf(from) ?? 12 * 60) + 60;
  return [from, clockText(Math.min(23 * 60 + 45, end))];
}

interface TimeProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Time({ label, value, onChange }: TimeProps) {
  return (
    <input
      className={page.input}
      type="time"
      step={900}
      aria-label={label}
      value={value}
      onChange={({ target }) => onChange(target.value)}
    />
  );
}
