import type { ServiceSetting } from "@/api/settings";
import { useMessages } from "@/ui/messages";
import page from "@/ui/page.module.css";

export interface ServiceFieldsProps {
  readonly services: readonly ServiceSetting[];
  readonly onChange: (services: readonly ServiceSetting[]) => void;
}

/** What can be booked, how long it takes, and how much room follows it. */
export function ServiceFields({ services, onChange }: ServiceFieldsProps) {
  const { settings } = useMessages();
  const set = (id: string, part: Partial<ServiceSetting>): void =>
    onChange(services.map((each) => (each.id === id ? { ...each, ...part } : each)));
  return (
    <section className={page.section} aria-labelledby="services">
      <div className={page.sectionHead}>
        <h2 id="services" className={page.sectionTitle}>
          {settings.services}
        </h2>
      </div>
      <div className={page.tableWrap}>
        <table className={page.table}>
          <thead>
            <tr>
              <th>{settings.name}</th>
              <th>{settings.minutes}</th>
              <th>{settings.buffer}</th>
            </tr>
          </thead>
          <tbody>
            {services.map(({ id, name, duration_minutes: minutes, buffer_minutes: buffer }) => (
              <tr key={id}>
                <td>
                  <input
                    className={page.input}
                    aria-label={settings.name}
                    value={name}
                    onChange={({ target }) => set(id, { name: target.value })}
                  />
                </td>
                <td>
                  <input
                    className={page.input}
                    type="number"
                    min={15}
                    step={15}
                    aria-label={`${name} ${settings.minutes}`}
                    value={minutes}
                    onChange={({ target }) => set(id, { duration_minutes: Number(target.value) })}
                  />
                </td>
                <td>
                  <input
                    className={page.input}
                    type="number"
                    min={0}
                    step={5}
                    aria-label={`${name} ${settings.buffer}`}
                    value={buffer}
                    onChange={({ target }) => set(id, { buffer_minutes: Number(target.value) })}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
