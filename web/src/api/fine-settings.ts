import { isRecord } from "@/sync";
import { toHours, type Day, type Hours } from "./hours";

/** How much of something may be done before somebody is slowed down. */
export interface Limits {
  readonly sms_per_person: number;
  readonly sms_per_person_minutes: number;
  readonly holds_per_phone: number;
  readonly holds_per_hour: number;
  readonly codes_per_day: number;
}

/** Rules that every business has, whether or not it has set them. */
export interface FineSettings {
  readonly breaks: Readonly<Record<Day, Hours>>;
  readonly slot_minutes: number;
  readonly cancel_notice_minutes: number;
  readonly sms_budget_per_day: number;
  readonly limits: Limits;
  readonly quiet_hours: { readonly from: string; readonly to: string };
  readonly texts: { readonly work_completed: boolean };
  readonly sms_help: string;
  readonly sms_answers: { readonly confirm: string; readonly cancel: string };
  readonly code_length: number;
  /** Empty: the country of the business's own number. */
  readonly text_countries: readonly string[];
}

type Stored = Readonly<Record<string, unknown>>;

/** As the server tells them; what nobody has set is as the server takes it then. */
export function toFineSettings(row: Stored): FineSettings {
  const [limits, quiet] = [part(row, "limits"), part(row, "quiet_hours")];
  const [answers, texts] = [part(row, "sms_answers"), part(row, "texts")];
  return {
    breaks: toHours(row.breaks),
    slot_minutes: number(row.slot_minutes, 30),
    cancel_notice_minutes: number(row.cancel_notice_minutes, 0),
    sms_budget_per_day: number(row.sms_budget_per_day, 1_000),
    limits: {
      sms_per_person: number(limits.sms_per_person, 5),
      sms_per_person_minutes: number(limits.sms_per_person_minutes, 10),
      holds_per_phone: number(limits.holds_per_phone, 2),
      holds_per_hour: number(limits.holds_per_hour, 20),
      codes_per_day: number(limits.codes_per_day, 200),
    },
    quiet_hours: { from: text(quiet.from, "21:00"), to: text(quiet.to, "08:00") },
    texts: { work_completed: texts.work_completed === true },
    sms_help: text(row.sms_help, ""),
    sms_answers: { confirm: text(answers.confirm, "C"), cancel: text(answers.cancel, "X") },
    code_length: number(row.code_length, 4),
    text_countries: Array.isArray(row.text_countries) ? row.text_countries.map(String) : [],
  };
}

/** What is different from what was read: nothing is set that nobody has touched. */
export function changedFine(now: FineSettings, before: FineSettings): Stored {
  const names = Object.keys(toFineSettings({})) as (keyof FineSettings)[];
  const changed = names.filter(
    (name) => JSON.stringify(now[name]) !== JSON.stringify(before[name]),
  );
  return Object.fromEntries(changed.map((name) => [name, now[name]]));
}

function part(row: Stored, name: string): Stored {
  const found = row[name];
  return isRecord(found) ? found : {};
}

function text(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}

function number(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}
