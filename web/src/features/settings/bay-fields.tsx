import { X } from "lucide-react";

import type { ResourceSetting, Settings } from "@/api/settings";
import { Button } from "@/ui/button";
import { useMessages } from "@/ui/messages";
import page from "@/ui/page.module.css";
import type { Draft } from "./fields";
import { newId, Section } from "./section";
import { inBays } from "./service-bays";
import { Wrong } from "./setting-field";
import styles from "./settings-page.module.css";

export type BayFieldsProps = Pick<Draft, "settings" | "onChange">;

/** Where visits take place, and how many at once. */
export function BayFields({ settings: { resources: bays, services }, onChange }: BayFieldsProps) {
  const { settings, rules, form } = useMessages();
  const set = (id: string, part: Partial<ResourceSetting>): void =>
    onChange({ resources: bays.map((each) => (each.id === id ? { ...each, ...part } : each)) });
  const taken = bays.map(({ id }) => id);
  const add = (): void =>
    onChange({ resources: [...bays, { id: newId("bay-", taken), name: "", capacity: 1 }] });
  return (
    <Section id="bays" title={settings.resources} add={{ label: rules.addBay, onAdd: add }}>
      <ul>
        {bays.map(({ id, name, capacity }, index) => (
          <li key={id} className={styles.line}>
            <input
              className={page.input}
              aria-label={settings.name}
              maxLength={100}
              value={name}
              onChange={({ target }) => set(id, { name: target.value })}
            />
            <label className={styles.inline}>
              {rules.capacity}
              <input
                className={`${page.input ?? ""} ${styles.number ?? ""}`}
                type="number"
                min={1}
                max={20}
                value={capacity}
                onChange={({ target }) => set(id, { capacity: Number(target.value) })}
              />
            </label>
            <Button
              size="icon"
              tone="quiet"
              disabled={bays.length === 1}
              aria-label={`${form.remove} ${name}`}
              onClick={() => onChange(withoutBay({ resources: bays, services }, id))}
            >
              <X size={14} aria-hidden="true" />
            </Button>
            <Wrong at={`resources.${String(index)}`} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** The bay goes, also from the services that named it: who named no other can be done anywhere. */
function withoutBay(
  { resources, services }: Pick<Settings, "resources" | "services">,
  bay: string,
): Partial<Settings> {
  return {
    resources: resources.filter(({ id }) => id !== bay),
    services: services.map((service) =>
      inBays(
        service,
        (service.resources ?? []).filter((id) => id !== bay),
      ),
    ),
  };
}
