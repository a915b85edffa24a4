import type { Me } from "@/api/me";
import type { Colleague } from "@/data/colleagues";
import type { Person } from "./sign-in/people";

/** The strongest role is the one that counts. */
const ROLES = ["owner", "manager", "staff"];

/** Of all who can sign in those of one's own business, oneself first. */
export function colleaguesOf(
  me: Me,
  person: Person,
  people: readonly Person[],
): readonly Colleague[] {
  const role = ROLES.find((each) => me.roles.includes(each)) ?? "";
  const others = people.filter(
    ({ email, orgId }) => orgId !== "" && orgId === me.orgId && email !== person.email,
  );
  return [
    { name: person.name, email: person.email, role, isMe: true },
    ...others.map((each) => ({
      name: each.name,
      email: each.email,
      role: each.role,
      isMe: false,
    })),
  ];
}
