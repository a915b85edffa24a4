import { isRecord, type Http } from "@/sync";
import { bodyOf } from "./errors";
import { toHours, type Day, type Hours } from "./hours";

/** A service that can be booked. */
export interface Service {
  readonly id: string;
  readonly name: string;
  readonly minutes: number;
}

/** Where visits take place: a bay, a room, a person. */
export interface Resource {
  readonly id: string;
  readonly name: string;
}

/** Who is signed in, and for which business. */
export interface Me {
  readonly id: string;
  readonly email: string;
  readonly orgId: string;
  readonly roles: readonly string[];
  readonly org: {
    readonly name: string;
    readonly timeZone: string;
    readonly currency: string;
    readonly services: readonly Service[];
    readonly resources: readonly Resource[];
    /** By day: `mon` has `[["08:00", "18:00"]]`. */
    readonly hours: Readonly<Record<Day, Hours>>;
    /** Days such as `2026-12-25`. */
    readonly daysOff: readonly string[];
  };
}

/** @throws ApiError when the server does not say. */
export async function readMe(http: Http): Promise<Me> {
  const body = await bodyOf(http.request("/api/me"));
  return toMe(isRecord(body) && isRecord(body.me) ? body.me : {});
}

/** What the server says of somebody, with a time zone that this browser can reckon with. */
export function toMe(me: Readonly<Record<string, unknown>>): Me {
  const org = isRecord(me.org) ? me.org : {};
  return {
    id: text(me.id),
    email: text(me.email),
    orgId: text(me.org_id),
    roles: Array.isArray(me.roles) ? me.roles.filter((role) => typeof role === "string") : [],
    org: {
      name: text(org.name),
      timeZone: knownZone(text(org.time_zone)),
      currency: text(org.currency) || "USD",
      services: Array.isArray(org.services) ? org.services.flatMap(toService) : [],
      resources: Array.isArray(org.resources) ? org.resources.flatMap(toResource) : [],
      hours: toHours(org.opening_hours),
      daysOff: Array.isArray(org.days_off)
        ? org.days_off.filter((day) => typeof day === "string")
        : [],
    },
  };
}

/** May change settings, resend texts and run a reconciliation. */
export function isManager({ roles }: Pick<Me, "roles">): boolean {
  return roles.includes("owner") || roles.includes("manager");
}

/** The zone, or UTC where this browser does not know it: better other times than no page. */
export function knownZone(timeZone: string): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone;
  } catch {
    return "UTC";
  }
}

function toService(value: unknown): Service[] {
  if (!isRecord(value) || typeof value.id !== "string") return [];
  const minutes = typeof value.duration_minutes === "number" ? value.duration_minutes : 60;
  return [{ id: value.id, name: text(value.name) || value.id, minutes }];
}

function toResource(value: unknown): Resource[] {
  if (!isRecord(value) || typeof value.id !== "string") return [];
  return [{ id: value.id, name: text(value.name) || value.id }];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
