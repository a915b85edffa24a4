import { isRecord } from "@/sync";
import type { Schemas } from "./check";
import { changedFine, toFineSettings, type FineSettings } from "./fine-settings";
import { toHours, type Day, type Hours } from "./hours";

export { DAYS, type Day, type Hours } from "./hours";

export type ServiceSetting = Schemas["SetService"];
export type ResourceSetting = Schemas["SetResource"];

/** A text of the org's own, by its id. What its category is when nobody says: marketing. */
export type TemplateSetting = Schemas["SetTemplate"] & { readonly id: string };

/** What an owner or manager can set of the business. */
export interface Settings extends FineSettings {
  readonly version: number;
  readonly name: string;
  readonly address: string;
  readonly time_zone: string;
  readonly opening_hours: Readonly<Record<Day, Hours>>;
  readonly days_off: readonly string[];
  readonly lead_minutes: number;
  readonly horizon_days: number;
  readonly services: readonly ServiceSetting[];
  readonly resources: readonly ResourceSetting[];
  readonly templates: readonly TemplateSetting[];
}

/** The settings as the server tells them; what is missing is empty, or has the server's default. */
export function toSettings(row: Readonly<Record<string, unknown>>): Settings {
  return {
    ...toFineSettings(row),
    version: number(row.version, 0),
    name: text(row.name),
    address: text(row.address),
    time_zone: text(row.time_zone) || "UTC",
    opening_hours: toHours(row.opening_hours),
    days_off: Array.isArray(row.days_off)
      ? row.days_off.filter((day) => typeof day === "string")
      : [],
    lead_minutes: number(row.lead_minutes, 60),
    horizon_days: number(row.horizon_days, 60),
    services: list(row.services).map((service) => ({
      // What the form does not show is kept as it was.
      ...(typeof service.price_cents === "number" ? { price_cents: service.price_cents } : {}),
      ...(Array.isArray(service.resources) ? { resources: service.resources.map(String) } : {}),
      id: text(service.id),
      name: text(service.name),
      duration_minutes: number(service.duration_minutes, 60),
      buffer_before_minutes: number(service.buffer_before_minutes, 0),
      buffer_after_minutes: number(service.buffer_after_minutes, 0),
    })),
    resources: list(row.resources).map((resource) => ({
      id: text(resource.id),
      name: text(resource.name) || text(resource.id),
      capacity: number(resource.capacity, 1),
    })),
    templates: Object.entries(isRecord(row.templates) ? row.templates : {}).map(toTemplate),
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
    ...(typeof asks === "string" ? { asks } : {}),
  };
}

/** The settings under the version that was read; of the finer rules those that were changed. */
export function toBody(now: Settings, read: Settings): Readonly<Record<string, unknown>> {
  const { version, templates, ...rest } = now;
  const finer = new Set(Object.keys(toFineSettings({})));
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([name]) => !finer.has(name))),
    ...changedFine(now, read),
    templates: Object.fromEntries(templates.map(({ id, ...template }) => [id, template])),
    expectedVersion: version,
  };
}

function list(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function number(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}
