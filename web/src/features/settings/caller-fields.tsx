import { useState } from "react";

import type { Settings } from "@/api/settings";
import { useMessages } from "@/ui/messages";
import { Section } from "./section";
import { NumberSetting, SettingField } from "./setting-field";
import styles from "./settings-page.module.css";

export interface CallerFieldsProps {
  readonly settings: Settings;
  readonly onChange: (part: Partial<Settings>) => void;
}

const LIMITS = [
  { name: "holds_per_phone", unit: "times", most: 10 },
  { name: "holds_per_hour", unit: "times", most: 1_000 },
  { name: "codes_per_day", unit: "texts", most: 1_000 },
] as const;

/** What callers of the voice agent may hold, and the codes by which they prove their number. */
export function CallerFields({ settings, onChange }: CallerFieldsProps) {
  const { settingFields: words } = useMessages();
  const { limits } = settings;
  return (
    <Section id="callers" title={words.callers}>
      <div className={styles.fields}>
        {LIMITS.map(({ name, unit, most }) => (
          <NumberSetting
            key={name}
            path={`limits.${name}`}
            words={words[name]}
            unit={words.units[unit]}
            least={1}
            most={most}
            value={limits[name]}
            onChange={(value) => onChange({ limits: { ...limits, [name]: value } })}
          />
        ))}
        <NumberSetting
          path="code_length"
          words={words.codeLength}
          unit={words.units.digits}
          least={4}
          most={8}
          value={settings.code_length}
          onChange={(code_length) => onChange({ code_length })}
        />
        <Countries settings={settings} onChange={onChange} />
      </div>
    </Section>
  );
}

function Countries({ settings, onChange }: CallerFieldsProps) {
  const { countries } = useMessages().settingFields;
  const [typed, setTyped] = useState(settings.text_countries.join(", "));
  return (
    <SettingField path="text_countries" label={countries.label} hint={countries.hint} wide>
      {(ids) => (
        <input
          {...ids}
          autoCapitalize="characters"
          value={typed}
          onChange={({ target }) => {
            setTyped(target.value);
            onChange({ text_countries: target.value.toUpperCase().match(/[^\s,;]+/g) ?? [] });
          }}
        />
      )}
    </SettingField>
  );
}
