import { useId, type ReactNode } from "react";

import { useMessages } from "@/ui/messages";
import page from "@/ui/page.module.css";
import { useWrong } from "./refused";
import styles from "./settings-page.module.css";

/** What is wrong with a setting, below it; nothing where nothing is. */
export function Wrong({ at, id }: { readonly at: string; readonly id?: string }) {
  const wrong = useWrong(at);
  return wrong === null ? null : (
    <span {...(id === undefined ? {} : { id })} className={styles.wrong}>
      {wrong}
    </span>
  );
}

export interface SettingFieldProps {
  /** Where the server keeps it: `limits.codes_per_day`. */
  readonly path: string;
  readonly label: string;
  /** What it does, and its bounds. */
  readonly hint: string;
  readonly unit?: string | undefined;
  readonly wide?: boolean | undefined;
  readonly children: (ids: {
    readonly id: string;
    readonly className: string | undefined;
    readonly "aria-invalid": boolean;
    readonly "aria-describedby": string;
  }) => ReactNode;
}

/** One setting: its name, its unit, what it does, and what is wrong with it. */
export function SettingField({ path, label, hint, unit, wide, children }: SettingFieldProps) {
  const id = useId();
  const wrong = useWrong(path);
  return (
    <div className={`${styles.setting ?? ""} ${wide === true ? (styles.whole ?? "") : ""}`}>
      <label htmlFor={id}>{label}</label>
      <span className={styles.control}>
        {children({
          id,
          className: page.input,
          "aria-invalid": wrong !== null,
          "aria-describedby": `${id}-hint${wrong === null ? "" : ` ${id}-wrong`}`,
        })}
        {unit}
      </span>
      <span id={`${id}-hint`}>{hint}</span>
      <Wrong at={path} id={`${id}-wrong`} />
    </div>
  );
}

export interface NumberSettingProps {
  readonly path: string;
  readonly words: { readonly label: string; readonly hint: string };
  readonly unit: string;
  readonly least: number;
  readonly most: number;
  readonly step?: number;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

/** A number between two bounds, which stand beside what it does. */
export function NumberSetting(props: NumberSettingProps) {
  const { path, words, unit, least, most, step = 1, value, onChange } = props;
  const { settingFields, locale } = useMessages();
  const shown = (bound: number): string => bound.toLocaleString(locale);
  const hint = `${words.hint} ${settingFields.bounds(shown(least), shown(most))}`;
  return (
    <SettingField path={path} label={words.label} hint={hint} unit={unit}>
      {(ids) => (
        <input
          {...ids}
          type="number"
          min={least}
          max={most}
          step={step}
          value={value}
          onChange={({ target }) => onChange(Number(target.value))}
        />
      )}
    </SettingField>
  );
}
