import type { Limit, Settings } from "@/api/settings";

/** The settings as they are being written. */
export interface Draft {
  readonly settings: Settings;
  /** What holds of whatever is empty, as the server tells. */
  readonly defaults: Settings;
  readonly onChange: (part: Partial<Settings>) => void;
}

/** A setting, or a part of one, as the server keeps it and names it in a refusal. */
export type Path =
  | "slot_minutes"
  | "lead_minutes"
  | "horizon_days"
  | "cancel_notice_minutes"
  | "sms_budget_per_day"
  | `limits.${Limit}`
  | `quiet_hours.${"from" | "to"}`
  | `sms_answers.${"confirm" | "cancel"}`
  | "sms_help"
  | "texts.work_completed"
  | "code_length"
  | "text_countries";

export type Unit = "minutes" | "days" | "texts" | "times" | "digits";

/** A setting that is one field: where it is kept, and what it takes. */
export type Field = { readonly path: Path } & (
  | {
      readonly kind: "number";
      readonly unit: Unit;
      readonly least: number;
      readonly most: number;
      readonly step?: number;
    }
  | { readonly kind: "clock" | "switch" | "countries" }
  | { readonly kind: "word" | "lines"; readonly most: number }
);

const number = (path: Path, unit: Unit, least: number, most: number, step = 1): Field => ({
  path,
  kind: "number",
  unit,
  least,
  most,
  step,
});

/** How soon and how far ahead callers may book. */
export const RULES: readonly Field[] = [
  number("slot_minutes", "minutes", 15, 240, 15),
  number("lead_minutes", "minutes", 0, 43_200, 15),
  number("horizon_days", "days", 1, 365),
  number("cancel_notice_minutes", "minutes", 0, 43_200, 15),
];

/** How many texts go out, when they may, and what they let people answer. */
export const TEXTS: readonly Field[] = [
  number("sms_budget_per_day", "texts", 0, 1_000_000),
  number("limits.sms_per_person", "texts", 1, 20),
  number("limits.sms_per_person_minutes", "minutes", 1, 1_440),
  { path: "quiet_hours.from", kind: "clock" },
  { path: "quiet_hours.to", kind: "clock" },
  { path: "sms_answers.confirm", kind: "word", most: 10 },
  { path: "sms_answers.cancel", kind: "word", most: 10 },
  { path: "sms_help", kind: "lines", most: 320 },
  { path: "texts.work_completed", kind: "switch" },
];

/** What callers of the voice agent may hold, and the codes by which they prove their number. */
export const CALLERS: readonly Field[] = [
  number("limits.holds_per_phone", "times", 1, 10),
  number("limits.holds_per_hour", "times", 1, 1_000),
  number("limits.codes_per_day", "texts", 1, 1_000),
  number("code_length", "digits", 4, 8),
  { path: "text_countries", kind: "countries" },
];

/** What a setting, or a part of one, holds. */
export function valueAt(settings: Settings, path: Path): unknown {
  return path.split(".").reduce<unknown>((value, name) => (value as Held)[name], settings);
}

/** The setting with another value, or the setting with another value of its part. */
export function withValue(settings: Settings, path: Path, value: unknown): Partial<Settings> {
  const [name = "", part] = path.split(".");
  const whole =
    part === undefined ? value : { ...(settings as unknown as Parts)[name], [part]: value };
  return { [name]: whole };
}

type Held = Readonly<Record<string, unknown>>;
type Parts = Readonly<Record<string, Held | undefined>>;
