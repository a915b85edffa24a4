import { isRecord } from "@/sync";

/** Somebody who is, or can be, signed in. */
export interface Person {
  readonly name: string;
  readonly email: string;
  /** Empty: not known. */
  readonly orgId: string;
  readonly orgName: string;
  readonly role: string;
  /** Null: not known yet. */
  readonly token: string | null;
}

const TIMEOUT_MS = 15_000;

/** The people of the local stack; null where there is no local stack. @throws Error without an answer. */
export async function readPeople(): Promise<readonly Person[] | null> {
  const response = await fetch("/sandbox/tokens", {
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (response.status >= 500) throw new Error(`No people (${String(response.status)})`);
  if (!(response.headers.get("Content-Type") ?? "").includes("json")) return null;
  const body: unknown = await response.json();
  if (!isRecord(body) || !Array.isArray(body.users)) return null;
  return body.users.flatMap((user: unknown) => toPerson(user) ?? []);
}

function toPerson(value: unknown): Person | null {
  if (!isRecord(value)) return null;
  const { name, email, org, org_name: orgName, role, token } = value;
  if (typeof email !== "string" || typeof token !== "string") return null;
  const text = (part: unknown): string => (typeof part === "string" ? part : "");
  const business = { orgId: text(org), orgName: text(orgName) };
  return { name: text(name) || email, email, ...business, role: text(role), token };
}
