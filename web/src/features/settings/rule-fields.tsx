import { X } from "lucide-react";
import { useState } from "react";

import { Button } from "@/ui/button";
import { useClock } from "@/ui/clock";
import { dayOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import page from "@/ui/page.module.css";
import { RULES, type Draft } from "./fields";
import { Section } from "./section";
import { SettingFields, Wrong } from "./setting-field";
import styles from "./settings-page.module.css";

/** How soon and how far ahead callers may book, and on which days nobody may. */
export function RuleFields(draft: Draft) {
  const { rules, form } = useMessages();
  const { settings, onChange } = draft;
  const clock = { ...useClock(), timeZone: "UTC" };
  const [day, setDay] = useState("");
  const { days_off: daysOff } = settings;
  return (
    <Section id="rules" title={rules.title}>
      <div className={styles.fields}>
        <SettingFields fields={RULES} {...draft} />
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
