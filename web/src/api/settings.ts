import { isRecord } from "@/sync";

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof DAYS)[number];

export type Hours = readonly (readonly [from: string, to: string])[];

export interface ServiceSetting {
  readonly id: string;
  readonly name: string;
  readonly duration_minutes: number;
  readonly buffer_minutes: number;
}

/** What an owner or manager can set of the business. */
export interface Settings {
  readonly version: number;
  readonly name: string;
  readonly address: string;
  readonly time_zone: string;
  readonly opening_hours: Readonly<Record<Day, Hours>>;
  readonly services: readonly ServiceSetting[];
  readonly resources: readonly {
    readonly id: string;
    readonly name: string;
    readonly capacity: number;
  }[];
}

/** The settings as the server tells them; what is missing is empty. */
export function toSettings(row: Readonly<Record<string, unknown>>): Settings {
  const hours = isRecord(row.opening_hours) ? row.opening_hours : {};
  return {
    version: typeof row.version === "number" ? row.version : 0,
    name: text(row.name),
    address: text(row.address),
    time_zone: text(row.time_zone) || "UTC",
    opening_hours: Object.fromEntries(DAYS.map((day) => [day, hoursOf(hours[day])])) as Record<
      Day,
      Hours
    >,
    services: list(row.services).map((service) => ({
      ...service,
      id: text(service.id),
      name: text(service.name),
      duration_minutes: number(service.duration_minutes, 60),
      buffer_minutes: number(service.buffer_minutes, 0),
    })),
    resources: list(row.resources).map((resource) => ({
      id: text(resource.id),
      name: text(resource.name) || text(resource.id),
      capacity: number(resource.capacity, 1),
    })),
  };
}

function hoursOf(value: unknown): Hours {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each: unknown): (readonly [string, string])[] =>
    Array.isArray(each) && typeof each[0] === "string" && typeof each[1] === "string"
      ? [[each[0], each[1]]]
      : [],
  );
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
