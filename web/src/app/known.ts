/**
 * Who has been signed in on this browser and has not signed out: enough to find and show what they
 * left in the outbox while the server is away. No tokens.
 */

import { toHours } from "@/api/hours";
import { knownZone, type Me } from "@/api/me";
import { isRecord } from "@/sync";
import { rememberAs, remembered } from "./safe-storage";
import type { Person } from "./sign-in/people";

const KNOWN = "closed-loop:known";

export interface Known {
  readonly person: Person;
  readonly me: Me;
}

export function knownPeople(): readonly Known[] {
  try {
    const stored: unknown = JSON.parse(remembered("local", KNOWN) ?? "[]");
    return Array.isArray(stored) ? stored.filter(isKnown).map(sound) : [];
  } catch {
    return [];
  }
}

/** The person as the server last described them here. */
export function knownMe(email: string): Me | undefined {
  return knownPeople().find(({ person }) => person.email === email)?.me;
}

export function remember(person: Person, me: Me): void {
  store([...others(person.email), { person: { ...person, token: null }, me }]);
}

/** At sign-out nothing of them stays. */
export function forget(email: string): void {
  store(others(email));
}

function others(email: string): readonly Known[] {
  return knownPeople().filter(({ person }) => person.email !== email);
}

function store(known: readonly Known[]): void {
  rememberAs("local", KNOWN, JSON.stringify(known));
}

/** An earlier release knew less of the business. */
function sound({ person, me }: Known): Known {
  const { name, timeZone, currency = "USD", services = [] } = me.org as Partial<Me["org"]>;
  const { resources = [], hours = toHours({}), daysOff = [] } = me.org as Partial<Me["org"]>;
  const zone = knownZone(timeZone ?? "");
  const org = { name: name ?? "", timeZone: zone, currency, services, resources, hours, daysOff };
  const { orgId = "" } = person as Partial<Person>;
  return { person: { ...person, orgId }, me: { ...me, org } };
}

/** Another release may have written it. */
function isKnown(value: unknown): value is Known {
  if (!isRecord(value) || !isRecord(value.person) || !isRecord(value.me)) return false;
  const { person, me } = value;
  const { org } = me;
  const texts = [person.name, person.email, person.orgName, person.role, me.id, me.email, me.orgId];
  return (
    [...texts, isRecord(org) && org.name, isRecord(org) && org.timeZone].every(
      (text) => typeof text === "string",
    ) && Array.isArray(me.roles)
  );
}
