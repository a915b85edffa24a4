import { useState } from "react";

import page from "@/ui/page.module.css";
import type { Field } from "./fields";

/** What ties a control to its name, its hint and what is wrong with it. */
export interface ControlIds {
  readonly id: string;
  readonly "aria-invalid": boolean;
  readonly "aria-describedby": string;
}

export interface SettingControlProps {
  readonly field: Field;
  readonly ids: ControlIds;
  readonly value: unknown;
  /** What holds while it is empty. */
  readonly usual: unknown;
  readonly placeholder: string;
  readonly onChange: (value: unknown) => void;
}

/** The control of one setting. Where it is empty, its placeholder says what holds. */
export function SettingControl(props: SettingControlProps) {
  const { field, ids, value, usual, placeholder, onChange } = props;
  const common = { ...ids, className: page.input, placeholder };
  switch (field.kind) {
    case "number":
      return (
        <input
          {...common}
          type="number"
          min={field.least}
          max={field.most}
          step={field.step}
          value={typeof value === "number" ? value : ""}
          onChange={({ target }) => onChange(target.value === "" ? null : Number(target.value))}
        />
      );
    case "switch":
      return (
        <input
          {...ids}
          type="checkbox"
          checked={(value ?? usual) === true}
          onChange={({ target }) => onChange(target.checked)}
        />
      );
    case "countries":
      return <Countries {...props} />;
    case "lines":
      return (
        <textarea
          {...common}
          rows={2}
          maxLength={field.most}
          value={String(value)}
          onChange={({ target }) => onChange(target.value)}
        />
      );
    case "clock":
      return (
        <input
          {...common}
          type="time"
          value={String(value)}
          onChange={({ target }) => onChange(target.value)}
        />
      );
    case "word":
      return (
        <input
          {...common}
          maxLength={field.most}
          value={String(value)}
          onChange={({ target }) => onChange(target.value)}
        />
      );
  }
}

/** Letters as they are typed; the setting is the list that they make. */
function Countries({ ids, value, placeholder, onChange }: SettingControlProps) {
  const [typed, setTyped] = useState(Array.isArray(value) ? value.join(", ") : "");
  return (
    <input
      {...ids}
      className={page.input}
      placeholder={placeholder}
      autoCapitalize="characters"
      value={typed}
      onChange={({ target }) => {
        setTyped(target.value);
        onChange(target.value.toUpperCase().match(/[^\s,;]+/g) ?? []);
      }}
    />
  );
}

/** A value as people read it; empty where there is none. */
export function shownOf(value: unknown, locale: string): string {
  if (typeof value === "number") return value.toLocaleString(locale);
  if (Array.isArray(value)) return value.join(", ");
  return typeof value === "string" ? value : "";
}
