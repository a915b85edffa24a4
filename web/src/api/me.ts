import { isRecord, type Http } from "@/sync";
import { bodyOf } from "./errors";

/** Who is signed in, and for which business. */
export interface Me {
  readonly id: string;
  readonly email: string;
  readonly orgId: string;
  readonly roles: readonly string[];
  readonly org: { readonly name: string; readonly timeZone: string };
}

/** @throws ApiError when the server does not say. */
export async function readMe(http: Http): Promise<Me> {
  const body = await bodyOf(http.request("/api/me"));
  const me = isRecord(body) && isRecord(body.me) ? body.me : {};
  const org = isRecord(me.org) ? me.org : {};
  return {
    id: text(me.id),
    email: text(me.email),
    orgId: text(me.org_id),
    roles: Array.isArray(me.roles) ? me.roles.filter((role) => typeof role === "string") : [],
    org: { name: text(org.name), timeZone: text(org.time_zone) || "UTC" },
  };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
