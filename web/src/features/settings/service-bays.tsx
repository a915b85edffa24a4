import type { ResourceSetting, ServiceSetting } from "@/api/settings";
import { useMessages } from "@/ui/messages";
import { Wrong } from "./setting-field";
import styles from "./settings-page.module.css";

/** The service where it can be done; without a list in any bay. */
export function inBays(service: ServiceSetting, bays: readonly string[]): ServiceSetting {
  return { ...service, resources: bays.length === 0 ? null : [...bays] };
}

export interface ServiceBaysProps {
  readonly service: ServiceSetting;
  readonly bays: readonly ResourceSetting[];
  /** Where the server keeps the list. */
  readonly path: string;
  readonly onChange: (service: ServiceSetting) => void;
}

/** Which bays a service can be done in: says it in a line, which opens to choose. */
export function ServiceBays({ service, bays, path, onChange }: ServiceBaysProps) {
  const { settingFields: words } = useMessages();
  const chosen = service.resources ?? [];
  const names = bays.filter(({ id }) => chosen.includes(id)).map(({ id, name }) => name || id);
  const toggled = (bay: string): readonly string[] =>
    bays.map(({ id }) => id).filter((id) => chosen.includes(id) !== (id === bay));
  return (
    <details className={styles.bays}>
      <summary>
        {words.doneIn} <strong>{names.length === 0 ? words.anyBay : names.join(", ")}</strong>
      </summary>
      <div role="group" aria-label={words.baysOf(service.name)} className={styles.chips}>
        <label className={styles.choice}>
          <input
            type="checkbox"
            checked={chosen.length === 0}
            onChange={() => onChange(inBays(service, []))}
          />
          {words.anyBay}
        </label>
        {bays.map(({ id, name }) => (
          <label key={id} className={styles.choice}>
            <input
              type="checkbox"
              checked={chosen.includes(id)}
              onChange={() => onChange(inBays(service, toggled(id)))}
            />
            {name || id}
          </label>
        ))}
      </div>
      <Wrong at={path} />
    </details>
  );
}
