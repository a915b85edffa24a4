/**
 * The settings of a business as the server tells them, and the defaults of the house. The page is long
 * (its time zones alone are four hundred): what is on it is found without looking at every element.
 */

/** The fields with this name: that of their label, or their own. */
export function allLabelled(name: string, within: ParentNode = document): HTMLInputElement[] {
  const own = [...within.querySelectorAll(`[aria-label="${name}"]`)];
  const isNamed = ({ textContent, firstChild }: Element): boolean =>
    [textContent, firstChild?.textContent].includes(name);
  const labels = [...within.querySelectorAll("label")].filter(isNamed);
  return [...labels.flatMap(({ control }) => control ?? []), ...own] as HTMLInputElement[];
}

export function labelled(name: string, within?: ParentNode): HTMLInputElement {
  return only(allLabelled(name, within), name);
}

export function button(name: string, within: ParentNode = document): HTMLButtonElement {
  const isNamed = (each: Element): boolean =>
    (each.getAttribute("aria-label") ?? each.textContent).includes(name);
  return only([...within.querySelectorAll("button")].filter(isNamed), name);
}

function only<TElement>([found]: readonly TElement[], name: string): TElement {
  if (found === undefined) throw new Error(`There is no ${name}`);
  return found;
}

/** A group of fields with this name. */
export function group(name: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(`[role="group"][aria-label="${name}"]`);
  if (found === null) throw new Error(`No group ${name}`);
  return found;
}

export const STORED = {
  version: 41,
  name: "Gleam",
  address: "1 Main St",
  time_zone: "America/Chicago",
  opening_hours: { mon: [["08:00", "18:00"]] },
  days_off: ["2026-12-25"],
  horizon_days: 30,
  services: [
    { id: "svc_wash", name: "Wash", duration_minutes: 60, price_cents: 8_950 },
    { id: "svc_wax", name: "Wax", duration_minutes: 90, resources: ["bay-1", "bay-2"] },
  ],
  resources: [
    { id: "bay-1", name: "Bay 1", capacity: 1 },
    { id: "bay-2", name: "Lift", capacity: 1 },
  ],
  limits: { holds_per_hour: 12 },
  templates: {
    hello: "Hi {firstName}",
    due: { text: "Due {amount}", category: "transactional" },
  },
  quiet_hours: { from: "21:00", to: "08:00" },
};

export const DEFAULTS = {
  slot_minutes: 30,
  lead_minutes: 60,
  horizon_days: 60,
  cancel_notice_minutes: 0,
  limits: {
    sms_per_person: 5,
    sms_per_person_minutes: 10,
    holds_per_phone: 2,
    holds_per_hour: 20,
    codes_per_day: 200,
  },
  sms_budget_per_day: 1_000,
  quiet_hours: { from: "20:30", to: "07:30" },
  texts: { work_completed: false },
  sms_help: null,
  sms_answers: { confirm: "C", cancel: "X" },
  code_length: 4,
  text_countries: ["US"],
};
