import { Plus, X } from "lucide-react";

import { DAYS, type Day, type Hours, type Settings } from "@/api/settings";
import { clockText, minutesOf } from "@/data/wall-time";
import { Button } from "@/ui/button";
import { useMessages } from "@/ui/messages";
import page from "@/ui/page.module.css";
import { Wrong } from "./setting-field";
import styles from "./settings-page.module.css";

export interface HoursFieldsProps {
  /** Where the server keeps them. */
  readonly path: "opening_hours" | "breaks";
  readonly hours: Settings["opening_hours"];
  readonly onChange: (hours: Settings["opening_hours"]) => void;
}

/** What a day begins with where it is ticked. */
const FIRST = {
  opening_hours: [["09:00", "17:00"]],
  breaks: [["12:00", "13:00"]],
} as const satisfies Record<HoursFieldsProps["path"], Hours>;
const MOST = 6;

/** When the business is open, or has a break, day by day: a day may have several stretches. */
export function HoursFields({ path, hours, onChange }: HoursFieldsProps) {
  const { settings, settingFields } = useMessages();
  return (
    <section className={page.section} aria-labelledby={path}>
      <div className={page.sectionHead}>
        <h2 id={path} className={page.sectionTitle}>
          {path === "breaks" ? settingFields.breaks : settings.hours}
        </h2>
      </div>
      {DAYS.map((day) => (
        <DayFields
          key={day}
          path={path}
          day={day}
          stretches={hours[day]}
          onChange={(stretches) => onChange({ ...hours, [day]: stretches })}
        />
      ))}
    </section>
  );
}

interface DayFieldsProps {
  readonly path: HoursFieldsProps["path"];
  readonly day: Day;
  readonly stretches: Hours;
  readonly onChange: (stretches: Hours) => void;
}

/** What is said of a day's stretches. */
function useDayWords(path: HoursFieldsProps["path"], name: string) {
  const { settings, rules, settingFields } = useMessages();
  if (path === "breaks")
    return {
      group: settingFields.breakOf(name),
      none: settingFields.noBreak,
      from: settingFields.breakFrom(name),
      to: settingFields.breakTo(name),
      another: settingFields.anotherBreak(name),
    };
  return {
    group: name,
    none: settings.closed,
    from: rules.from(name),
    to: rules.to(name),
    another: rules.addStretch(name),
  };
}

function DayFields({ path, day, stretches, onChange }: DayFieldsProps) {
  const { settings, form } = useMessages();
  const name = settings.days[day] ?? day;
  const words = useDayWords(path, name);
  const replace = (at: number, stretch: Hours[number]): void =>
    onChange(stretches.map((each, index) => (index === at ? stretch : each)));
  return (
    <div className={styles.day} role="group" aria-label={words.group}>
      <label className={styles.dayName}>
        <input
          type="checkbox"
          checked={stretches.length > 0}
          onChange={({ target }) => onChange(target.checked ? FIRST[path] : [])}
        />
        {name}
      </label>
      {stretches.length === 0 && <span className={page.muted}>{words.none}</span>}
      {stretches.map(([from, to], index) => (
        <span key={index} className={styles.stretch}>
          <Time label={words.from} value={from} onChange={(at) => replace(index, [at, to])} />
          {"–"}
          <Time label={words.to} value={to} onChange={(at) => replace(index, [from, at])} />
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
          aria-label={words.another}
          title={words.another}
          onClick={() => onChange([...stretches, after(stretches)])}
        >
          <Plus size={14} aria-hidden="true" />
        </Button>
      )}
      <Wrong at={`${path}.${day}`} />
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
