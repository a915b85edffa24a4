import { en, type Messages } from "./en";

/** The languages of the dashboard, as the first part of every address. */
export const LOCALES = ["en", "es"] as const;
export type Locale = (typeof LOCALES)[number];

/** The sentences of a language. English is there at once, the others are fetched. */
export async function loadMessages(locale: Locale): Promise<Messages> {
  if (locale === "en") return en;
  const { es } = await import("./es");
  return es;
}
