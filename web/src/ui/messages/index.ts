import { en, type Messages } from "./en";

/** What the page says. The one place that knows which language that is. */
export const messages: Messages = en;

/** An error in words for a person. */
export function sentenceOf(error: { readonly code: string; readonly message: string }): string {
  return messages.errors[error.code] ?? (error.message === "" ? messages.someError : error.message);
}
