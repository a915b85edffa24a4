import { X } from "lucide-react";
import { useState } from "react";

import type { Settings } from "@/api/settings";
import { Button } from "@/ui/button";
import { useClock } from "@/ui/clock";
import { dayOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import page from "@/ui/page.module.css";
import { Section } from "./section";
import { NumberSetting, Wrong } from "./setting-field";
import styles from "./settings-page.module.css";

export interface RuleFieldsProps {
  readonly settings: Settings;
  readonly onChange: (part: Partial<Settings>) => void;
}

const NUMBERS = [
  { name: "slot_minutes", words: "slot", unit: "minutes", least: 15, most: 240, step: 15 },
  { name: "lead_minutes", words: "lead", unit: "minutes", least: 0, most: 43_200, step: 15 },
  { name: "horizon_days", words: "horizon", unit: "days", least: 1, most: 365, step: 1 },
  {
    name: "cancel_notice_minutes",
    words: "cancelNotice",
    unit: "minutes",
    least: 0,
    most: 43_200,
    step: 15,
  },
] as const;

/** How soon and how far ahead callers may book, and on which days nobody may. */
export function RuleFields({ settings, onChange }: RuleFieldsProps) {
  const { rules, form, settingFields: fields } = useMessages();
  const clock = { ...useClock(), timeZone: "UTC" };
  const [day, setDay] = useState("");
  const { days_off: daysOff } = settings;
  return (
    <Section id="rules" title={rules.title}>
      <div className={styles.fields}>
        {NUMBERS.map(({ name, words, unit, least, most, step }) => (
          <NumberSetting
            key={name}
            path={name}
            words={fields[words]}
            unit={fields.units[unit]}
            least={least}
            most={most}
            step={step}
            value={settings[name]}
            onChange={(value) => onChange({ [name]: value })}
          />
        ))}
        <div className={`${page.field ?? ""} ${styles.whole ?? ""}`}>
          <span id="days-off">{rules.daysOff}</span>
          <ul className={styles.chips} aria-labelledby="days-off">
            {daysOff.map((each) => (
              <li key={each} className={styles.chip}>
                {dayOf(`${each}T12:00:00Z`, clock)}
                <button
                  type="button"
                  className={styles.drop}
                  aria-label={`${form.remove} ${each}`}
                  onClick={() => onChange({ days_off: daysOff.filter((one) => one !== each) })}
                >
                  <X size={12} aria-hidden="true" />
                </button>
              </li>
            ))}
            <li className={styles.inline}>
              <input
                className={page.input}
                type="date"
                aria-label={rules.daysOff}
                value={day}
                onChange={({ target }) => setDay(target.value)}
              />
              <Button
                size="small"
                disabled={day === "" || daysOff.includes(day)}
                onClick={() => {
                  onChange({ days_off: [...daysOff, day].sort() });
                  setDay("");
                }}
              >
                {rules.addDay}
              </Button>
            </li>
          </ul>
          <Wrong at="days_off" />
        </div>
      </div>
    </Section>
  );
}
