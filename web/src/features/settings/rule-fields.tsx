import { X } from "lucide-react";
import { useState } from "react";

import type { Settings } from "@/api/settings";
import { Button } from "@/ui/button";
import { useClock } from "@/ui/clock";
import { dayOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import page from "@/ui/page.module.css";
import { Section } from "./section";
import styles from "./settings-page.module.css";

export interface RuleFieldsProps {
  readonly settings: Settings;
  readonly onChange: (part: Partial<Settings>) => void;
}

/** How soon and how far ahead callers may book, and on which days nobody may. */
export function RuleFields({ settings, onChange }: RuleFieldsProps) {
  const { rules, form } = useMessages();
  const clock = { ...useClock(), timeZone: "UTC" };
  const [day, setDay] = useState("");
  const { lead_minutes: lead, horizon_days: horizon, days_off: daysOff } = settings;
  return (
    <Section id="rules" title={rules.title}>
      <div className={styles.fields}>
        <label className={page.field}>
          {rules.lead}
          <input
            className={page.input}
            type="number"
            min={0}
            step={15}
            value={lead}
            onChange={({ target }) => onChange({ lead_minutes: Number(target.value) })}
          />
        </label>
        <label className={page.field}>
          {rules.horizon}
          <input
            className={page.input}
            type="number"
            min={1}
            max={365}
            value={horizon}
            onChange={({ target }) => onChange({ horizon_days: Number(target.value) })}
          />
        </label>
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
        </div>
      </div>
    </Section>
  );
}
