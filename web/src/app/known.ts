/**
 * Who has been signed in on this browser and has not signed out: enough to find and show what they
 * left in the outbox while the server is away. No tokens.
 */

import type { Me } from "@/api/me";
import type { Person } from "@/api/people";
import { isRecord } from "@/sync";

const KNOWN = "closed-loop:known";

export interface Known {
  readonly person: Person;
  readonly me: Me;
}

export function knownPeople(): readonly Known[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KNOWN) ?? "[]");
    return Array.isArray(stored) ? stored.filter(isKnown) : [];
  } catch {
    return [];
  }
}

/** The person as the server last described them here. */
export function knownMe(email: string): Me | undefined {
  return knownPeople().find(({ person }) => person.email === email)?.me;
}

export function remember({ name, email, orgName, role }: Person, me: Me): void {
  const person: Person = { name, email, orgName, role, token: null };
  store([...others(email), { person, me }]);
}

/** At sign-out nothing of them stays. */
export function forget(email: string): void {
  store(others(email));
}

function others(email: string): readonly Known[] {
  return knownPeople().filter(({ person }) => person.email !== email);
}

function store(known: readonly Known[]): void {
  localStorage.setItem(KNOWN, JSON.stringify(known));
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
