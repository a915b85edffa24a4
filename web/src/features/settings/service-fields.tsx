import { X } from "lucide-react";

import type { ServiceSetting } from "@/api/settings";
import { useMe } from "@/data/me";
import { Button } from "@/ui/button";
import { useMessages } from "@/ui/messages";
import page from "@/ui/page.module.css";
import type { Draft } from "./fields";
import { newId, Section } from "./section";
import { ServiceBays } from "./service-bays";
import { Price, ServiceNumber } from "./service-numbers";
import { Wrong } from "./setting-field";
import styles from "./settings-page.module.css";

const LENGTHS = ["duration_minutes", "buffer_before_minutes", "buffer_after_minutes"] as const;

/** What can be booked: how long it takes, what room it needs around it, what it costs, and where. */
export function ServiceFields({ settings, onChange }: Pick<Draft, "settings" | "onChange">) {
  const { services, resources } = settings;
  const { settings: words, rules, form } = useMessages();
  const { currency } = useMe().org;
  const titles = {
    duration_minutes: words.minutes,
    buffer_before_minutes: rules.before,
    buffer_after_minutes: rules.after,
  };
  const set = (service: ServiceSetting): void =>
    onChange({ services: services.map((each) => (each.id === service.id ? service : each)) });
  const add = (): void => onChange({ services: [...services, newService(services)] });
  return (
    <Section id="services" title={words.services} add={{ label: rules.addService, onAdd: add }}>
      <ul>
        {services.map((service, index) => {
          const path = `services.${String(index)}`;
          return (
            <li key={service.id} className={styles.service}>
              <label className={`${page.field ?? ""} ${styles.serviceName ?? ""}`}>
                {words.name}
                <input
                  className={page.input}
                  maxLength={100}
                  value={service.name}
                  onChange={({ target }) => set({ ...service, name: target.value })}
                />
                <Wrong at={`${path}.name`} />
              </label>
              {LENGTHS.map((name) => (
                <ServiceNumber
                  key={name}
                  path={`${path}.${name}`}
                  of={service.name}
                  title={titles[name]}
                  least={name === "duration_minutes" ? 5 : 0}
                  step={5}
                  value={service[name]}
                  onChange={(value) => set({ ...service, [name]: value ?? 0 })}
                />
              ))}
              <Price path={path} service={service} currency={currency} onChange={set} />
              <Button
                size="icon"
                tone="quiet"
                className={styles.serviceRemove ?? ""}
                disabled={services.length === 1}
                aria-label={`${form.remove} ${service.name}`}
                onClick={() => onChange({ services: services.filter((each) => each !== service) })}
              >
                <X size={14} aria-hidden="true" />
              </Button>
              <ServiceBays
                service={service}
                bays={resources}
                path={`${path}.resources`}
                onChange={set}
              />
              <Wrong at={path} reach="alone" />
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

function newService(services: readonly ServiceSetting[]): ServiceSetting {
  const taken = services.map(({ id }) => id);
  return {
    id: newId("svc_", taken),
    name: "",
    duration_minutes: 60,
    buffer_before_minutes: 0,
    buffer_after_minutes: 0,
  };
}
