import { memo } from "react";

import type { Settings } from "@/api/settings";
import { useMessages } from "@/ui/messages";
import page from "@/ui/page.module.css";
import { Section } from "./section";
import { Wrong } from "./setting-field";
import styles from "./settings-page.module.css";

export interface BusinessFieldsProps {
  readonly settings: Settings;
  readonly onChange: (part: Partial<Settings>) => void;
}

/** What the business is called, where it is, and which clock it lives by. */
export function BusinessFields({ settings, onChange }: BusinessFieldsProps) {
  const { settings: words } = useMessages();
  return (
    <Section id="business" title={words.business}>
      <div className={styles.fields}>
        <label className={page.field}>
          {words.name}
          <input
            className={page.input}
            maxLength={200}
            value={settings.name}
            onChange={({ target }) => onChange({ name: target.value })}
          />
          <Wrong at="name" />
        </label>
        <label className={page.field}>
          {words.zone}
          <ZoneSelect
            value={settings.time_zone}
            onChange={(time_zone) => onChange({ time_zone })}
          />
          <Wrong at="time_zone" />
        </label>
        <label className={`${page.field ?? ""} ${styles.whole ?? ""}`}>
          {words.address}
          <input
            className={page.input}
            maxLength={300}
            value={settings.address}
            onChange={({ target }) => onChange({ address: target.value })}
          />
          <Wrong at="address" />
        </label>
      </div>
    </Section>
  );
}

interface ZoneSelectProps {
  readonly value: string;
  readonly onChange: (zone: string) => void;
}

function ZoneSelect({ value, onChange }: ZoneSelectProps) {
  return (
    <select className={page.input} value={value} onChange={({ target }) => onChange(target.value)}>
      {!ZONES.includes(value) && <option value={value}>{value}</option>}
      <ZoneOptions />
    </select>
  );
}

const ZONES = "supportedValuesOf" in Intl ? Intl.supportedValuesOf("timeZone") : [];

/** Some four hundred: drawn once, and not with each letter that is typed elsewhere. */
const ZoneOptions = memo(function ZoneOptions() {
  return ZONES.map((zone) => (
    <option key={zone} value={zone}>
      {zone.replaceAll("_", " ")}
    </option>
  ));
});
