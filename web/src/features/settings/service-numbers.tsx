import type { ServiceSetting } from "@/api/settings";
import { useMessages } from "@/ui/messages";
import page from "@/ui/page.module.css";
import { useWrong } from "./refused";
import { Wrong } from "./setting-field";

export interface ServiceNumberProps {
  readonly path: string;
  /** The name of the service. */
  readonly of: string;
  readonly title: string;
  readonly least: number;
  readonly step: number;
  /** Empty: none. */
  readonly value: number | "";
  readonly onChange: (value: number | null) => void;
}

/** A number of a service, named after both. */
export function ServiceNumber(props: ServiceNumberProps) {
  const { path, of, title, least, step, value, onChange } = props;
  const wrong = useWrong(path);
  return (
    <label className={page.field}>
      <span aria-hidden="true">{title}</span>
      <input
        className={page.input}
        type="number"
        inputMode="decimal"
        min={least}
        step={step}
        aria-label={`${of}, ${title}`}
        aria-invalid={wrong !== null}
        value={value}
        onChange={({ target }) => onChange(target.value === "" ? null : Number(target.value))}
      />
      <Wrong at={path} />
    </label>
  );
}

export interface PriceProps {
  readonly path: string;
  readonly service: ServiceSetting;
  readonly currency: string;
  readonly onChange: (service: ServiceSetting) => void;
}

/** What a service costs, as people write it; the server counts in cents. */
export function Price({ path, service, currency, onChange }: PriceProps) {
  const { settingFields } = useMessages();
  const { price_cents: cents } = service;
  return (
    <ServiceNumber
      path={`${path}.price_cents`}
      of={service.name}
      title={settingFields.price(currency)}
      least={0}
      step={0.01}
      value={cents == null ? "" : cents / 100}
      onChange={(price) =>
        onChange({ ...service, price_cents: price === null ? null : Math.round(price * 100) })
      }
    />
  );
}
