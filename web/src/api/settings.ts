import { isRecord } from "@/sync";
import type { Schemas } from "./check";
import { toHours, type Day, type Hours } from "./hours";

export { DAYS, type Day, type Hours } from "./hours";

export type ServiceSetting = Schemas["SetService"];
export type ResourceSetting = Schemas["SetResource"];

/** A text of the org's own, by its id. What its category is when nobody says: marketing. */
export type TemplateSetting = Schemas["SetTemplate"] & { readonly id: string };

/** Null: not set, so the default holds. */
export type Count = number | null;

/** How much of something may be done before somebody is slowed down. */
const LIMITS = [
  "sms_per_person",
  "sms_per_person_minutes",
  "holds_per_phone",
  "holds_per_hour",
  "codes_per_day",
] as const satisfies readonly (keyof Schemas["SetLimits"])[];
export type Limit = (typeof LIMITS)[number];

/** What an owner or manager can set of the business. What is empty or null has its default. */
export interface Settings {
  readonly version: number;
  readonly name: string;
  readonly address: string;
  readonly time_zone: string;
  readonly opening_hours: Readonly<Record<Day, Hours>>;
  readonly breaks: Readonly<Record<Day, Hours>>;
  readonly days_off: readonly string[];
  readonly services: readonly ServiceSetting[];
  readonly resources: readonly ResourceSetting[];
  readonly slot_minutes: Count;
  readonly lead_minutes: Count;
  readonly horizon_days: Count;
  readonly cancel_notice_minutes: Count;
  readonly limits: Readonly<Record<Limit, Count>>;
  readonly sms_budget_per_day: Count;
  readonly quiet_hours: { readonly from: string; readonly to: string };
  readonly templates: readonly TemplateSetting[];
  readonly texts: { readonly work_completed: boolean | null };
  readonly sms_help: string;
  readonly sms_answers: { readonly confirm: string; readonly cancel: string };
  readonly code_length: Count;
  readonly text_countries: readonly string[];
}

type Stored = Readonly<Record<string, unknown>>;

/** The settings, or their defaults, as the server tells them. */
export function toSettings(row: Stored): Settings {
  const [limits, quiet] = [part(row, "limits"), part(row, "quiet_hours")];
  const [answers, texts] = [part(row, "sms_answers"), part(row, "texts")];
  const limit = (name: Limit): readonly [Limit, Count] => [name, count(limits[name])];
  return {
    version: count(row.version) ?? 0,
    name: text(row.name),
    address: text(row.address),
    time_zone: text(row.time_zone) || "UTC",
    opening_hours: toHours(row.opening_hours),
    breaks: toHours(row.breaks),
    days_off: texted(row.days_off),
    services: list(row.services).map(toService),
    resources: list(row.resources).map((resource) => ({
      id: text(resource.id),
      name: text(resource.name) || text(resource.id),
      capacity: count(resource.capacity) ?? 1,
    })),
    slot_minutes: count(row.slot_minutes),
    lead_minutes: count(row.lead_minutes),
    horizon_days: count(row.horizon_days),
    cancel_notice_minutes: count(row.cancel_notice_minutes),
    limits: Object.fromEntries(LIMITS.map(limit)) as Settings["limits"],
    sms_budget_per_day: count(row.sms_budget_per_day),
    quiet_hours: { from: text(quiet.from), to: text(quiet.to) },
    templates: Object.entries(part(row, "templates")).map(toTemplate),
    texts: {
      work_completed: typeof texts.work_completed === "boolean" ? texts.work_completed : null,
    },
    sms_help: text(row.sms_help),
    sms_answers: { confirm: text(answers.confirm), cancel: text(answers.cancel) },
    code_length: count(row.code_length),
    text_countries: texted(row.text_countries),
  };
}

/** Without a list of bays it can be done in any of them; without a price it has none. */
function toService(service: Stored): ServiceSetting {
  const bays = texted(service.resources);
  return {
    id: text(service.id),
    name: text(service.name),
    duration_minutes: count(service.duration_minutes) ?? 60,
    buffer_before_minutes: count(service.buffer_before_minutes) ?? 0,
    buffer_after_minutes: count(service.buffer_after_minutes) ?? 0,
    price_cents: count(service.price_cents),
    resources: bays.length === 0 ? null : bays,
  };
}

/** A template alone may be its text. A category that cannot be set is left to the server. */
function toTemplate([id, value]: readonly [string, unknown]): TemplateSetting {
  const template = isRecord(value) ? value : { text: value };
  const { category, asks } = template;
  return {
    id,
    text: text(template.text),
    ...(category === "marketing" || category === "transactional" ? { category } : {}),
    asks: typeof asks === "string" ? asks : null,
  };
}

function part(row: Stored, name: string): Stored {
  const found = row[name];
  return isRecord(found) ? found : {};
}

function list(value: unknown): readonly Stored[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function texted(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function count(value: unknown): Count {
  return typeof value === "number" ? value : null;
}
