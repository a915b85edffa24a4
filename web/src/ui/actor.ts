import { nameOf } from "./format";
import type { Messages } from "./messages";

/** Who did something, as a person would say it. A customer acts by text: their id begins with `sms:`. */
export function actorName(
  { actors }: Messages,
  actor: { readonly id: string; readonly email: string | null } | null,
): string {
  if (actor === null) return actors.automatic;
  if (actor.email !== null && actor.email !== "") return nameOf(actor.email);
  if (actor.id.startsWith("sms:")) return actors.customer;
  return actors.names[actor.id] ?? actors.automatic;
}
