import { useId } from "react";

import { useMessages } from "@/ui/messages";
import { valueAt, withValue, type Draft, type Field } from "./fields";
import { useWrong, type Reach } from "./refused";
import { Section } from "./section";
import { SettingControl, shownOf } from "./setting-control";
import styles from "./settings-page.module.css";

interface WrongProps {
  readonly at: string;
  readonly id?: string;
  readonly reach?: Reach;
}

/** What is wrong with a setting, below it; nothing where nothing is. */
export function Wrong({ at, id, reach }: WrongProps) {
  const wrong = useWrong(at, reach);
  return wrong === null ? null : (
    <span {...(id === undefined ? {} : { id })} className={styles.wrong}>
      {wrong}
    </span>
  );
}

export interface SettingFieldsProps extends Draft {
  readonly fields: readonly Field[];
}

export interface SettingSectionProps extends SettingFieldsProps {
  readonly id: string;
  readonly title: string;
}

/** Settings of one kind, under its name. */
export function SettingSection({ id, title, ...rest }: SettingSectionProps) {
  return (
    <Section id={id} title={title}>
      <div className={styles.fields}>
        <SettingFields {...rest} />
      </div>
    </Section>
  );
}

/** Settings that are one field each. */
export function SettingFields({ fields, ...draft }: SettingFieldsProps) {
  return fields.map((field) => <SettingField key={field.path} field={field} {...draft} />);
}

/** One setting: its name, its unit, what it does, what holds while it is empty, what is wrong. */
function SettingField({ field, settings, defaults, onChange }: { readonly field: Field } & Draft) {
  const id = useId();
  const { settingFields: words, locale } = useMessages();
  const { path } = field;
  const { label, hint } = words.fields[path];
  const usual = valueAt(defaults, path);
  const otherwise = shownOf(usual, locale) || (path === "sms_help" ? words.carriersHelp : "");
  const bounds =
    field.kind === "number"
      ? words.bounds(field.least.toLocaleString(locale), field.most.toLocaleString(locale))
      : "";
  const said = [hint, bounds, otherwise === "" ? "" : words.ifEmpty(otherwise)];
  const wrong = useWrong(path, "around");
  const isWide = ["lines", "switch", "countries"].includes(field.kind);
  return (
    <div className={`${styles.setting ?? ""} ${isWide ? (styles.whole ?? "") : ""}`}>
      <label htmlFor={id}>{label}</label>
      <span className={styles.control}>
        <SettingControl
          field={field}
          ids={{
            id,
            "aria-invalid": wrong !== null,
            "aria-describedby": `${id}-hint${wrong === null ? "" : ` ${id}-wrong`}`,
          }}
          value={valueAt(settings, path)}
          usual={usual}
          placeholder={otherwise}
          onChange={(value) => onChange(withValue(settings, path, value))}
        />
        {field.kind === "number" && words.units[field.unit]}
      </span>
      <span id={`${id}-hint`}>{said.filter((each) => each !== "").join(" ")}</span>
      <Wrong at={path} reach="around" id={`${id}-wrong`} />
    </div>
  );
}
