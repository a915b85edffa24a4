import { X } from "lucide-react";

import type { ServiceSetting } from "@/api/settings";
import { Button } from "@/ui/button";
import { Hidden } from "@/ui/live-region";
import { useMessages } from "@/ui/messages";
import { WideTable } from "@/ui/wide-table";
import page from "@/ui/page.module.css";
import { newId, Section } from "./section";
import { Wrong } from "./setting-field";
import styles from "./settings-page.module.css";

export interface ServiceFieldsProps {
  readonly services: readonly ServiceSetting[];
  readonly onChange: (services: readonly ServiceSetting[]) => void;
}

const NUMBERS = ["duration_minutes", "buffer_before_minutes", "buffer_after_minutes"] as const;

/** What can be booked, how long it takes, and how much room it needs before and after. */
export function ServiceFields({ services, onChange }: ServiceFieldsProps) {
  const { settings, rules, form } = useMessages();
  const set = (id: string, part: Partial<ServiceSetting>): void =>
    onChange(services.map((each) => (each.id === id ? { ...each, ...part } : each)));
  const titles = {
    duration_minutes: settings.minutes,
    buffer_before_minutes: rules.before,
    buffer_after_minutes: rules.after,
  };
  const add = (): void =>
    onChange([
      ...services,
      {
        id: newId(
          "svc_",
          services.map(({ id }) => id),
        ),
        name: "",
        duration_minutes: 60,
        buffer_before_minutes: 0,
        buffer_after_minutes: 0,
      },
    ]);
  return (
    <Section id="services" title={settings.services} add={{ label: rules.addService, onAdd: add }}>
      <WideTable label={settings.services}>
        <table className={`${page.table ?? ""} ${styles.table ?? ""}`}>
          <thead>
            <tr>
              <th>{settings.name}</th>
              {NUMBERS.map((name) => (
                <th key={name}>{titles[name]}</th>
              ))}
              <th>
                <Hidden>{form.remove}</Hidden>
              </th>
            </tr>
          </thead>
          <tbody>
            {services.map((service, index) => (
              <tr key={service.id}>
                <td>
                  <input
                    className={page.input}
                    aria-label={settings.name}
                    maxLength={100}
                    value={service.name}
                    onChange={({ target }) => set(service.id, { name: target.value })}
                  />
                  <Wrong at={`services.${String(index)}`} />
                </td>
                {NUMBERS.map((name) => (
                  <td key={name}>
                    <input
                      className={`${page.input ?? ""} ${styles.number ?? ""}`}
                      type="number"
                      min={name === "duration_minutes" ? 5 : 0}
                      step={5}
                      aria-label={`${service.name}, ${titles[name]}`}
                      value={service[name]}
                      onChange={({ target }) => set(service.id, { [name]: Number(target.value) })}
                    />
                  </td>
                ))}
                <td>
                  <Button
                    size="icon"
                    tone="quiet"
                    disabled={services.length === 1}
                    aria-label={`${form.remove} ${service.name}`}
                    onClick={() => onChange(services.filter(({ id }) => id !== service.id))}
                  >
                    <X size={14} aria-hidden="true" />
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </WideTable>
    </Section>
  );
}
