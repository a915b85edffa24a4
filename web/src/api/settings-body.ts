import type { Settings } from "./settings";

/**
 * What is different from what was read, under the version that was read. What is empty now goes
 * back to its default: null.
 */
export function toBody(
  now: Settings,
  read: Settings,
  defaults: Settings,
): Readonly<Record<string, unknown>> {
  const wired = toWire(now, defaults);
  const changed = Object.entries(wired).filter(([name]) => {
    const key = name as keyof Settings;
    return JSON.stringify(now[key]) !== JSON.stringify(read[key]);
  });
  return { ...Object.fromEntries(changed), expectedVersion: now.version };
}

function toWire(now: Settings, defaults: Settings): object {
  return {
    ...now,
    templates: Object.fromEntries(now.templates.map(({ id, ...template }) => [id, template])),
    limits: stated(now.limits),
    quiet_hours: stated(now.quiet_hours, defaults.quiet_hours),
    sms_answers: stated(now.sms_answers, defaults.sms_answers),
    texts: stated(now.texts),
    sms_help: now.sms_help.trim() === "" ? null : now.sms_help,
    text_countries: now.text_countries.length === 0 ? null : now.text_countries,
  };
}

/** The parts that are set, above those that `others` name; null where none is. */
function stated(parts: object, others: object = {}): object | null {
  const set = Object.entries(parts).filter(([, value]) => value !== null && value !== "");
  return set.length === 0 ? null : { ...others, ...Object.fromEntries(set) };
}
