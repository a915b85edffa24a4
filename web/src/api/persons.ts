import * as v from "valibot";

import type { Row } from "@/sync";
import { actor, number, parsed, text, type Schemas } from "./check";

/** The stages of the sales pipeline, in their order. */
export const LEAD_STATUSES = [
  "new",
  "contacted",
  "qualified",
  "proposal_sent",
  "negotiating",
  "won",
  "lost",
] as const satisfies readonly Schemas["LeadStatus"][];
export type LeadStatus = (typeof LEAD_STATUSES)[number];

export const CONTACT_STATUSES = [
  "new",
  "contacted",
  "booked",
  "lost",
] as const satisfies readonly Schemas["ContactStatus"][];

const lead = v.object({
  id: v.string(),
  name: v.fallback(v.string(), ""),
  status: v.string(),
  status_changed_at: text,
  phone: text,
  email: text,
  notes: text,
  opted_out_at: text,
  source: text,
  service_interest: text,
  value_cents: number,
  created_at: text,
  updated_at: text,
  updated_by: actor,
} satisfies Partial<Record<keyof Schemas["Lead"], v.GenericSchema>>);

export type Lead = v.InferOutput<typeof lead>;

const contact = v.object({
  id: v.string(),
  name: v.fallback(v.string(), ""),
  lead_status: v.string(),
  phone: text,
  email: text,
  notes: text,
  opted_out_at: text,
  source: text,
  created_at: text,
  updated_at: text,
  updated_by: actor,
} satisfies Partial<Record<keyof Schemas["Contact"], v.GenericSchema>>);

export type Contact = v.InferOutput<typeof contact>;

export function toLead(row: Row): Lead | null {
  return parsed(lead, row);
}

export function toContact(row: Row): Contact | null {
  return parsed(contact, row);
}

/** Where a lead may go from a status: an open one anywhere else, a lost one back to open, a won one nowhere. */
export function movesFrom(status: string): readonly LeadStatus[] {
  if (status === "won") return [];
  const others = LEAD_STATUSES.filter((each) => each !== status);
  return status === "lost" ? others.filter((each) => each !== "won") : others;
}
