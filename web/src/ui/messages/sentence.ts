import type { Messages } from "./en";

/** An error in words for a person. */
export function sentenceOf(
  messages: Messages,
  error: { readonly code: string; readonly message: string },
): string {
  const known = messages.errors[error.code];
  if (known !== undefined) return known;
  // The server's own sentence, in English; "Internal error" says nothing to anybody.
  const isOfUse = error.message !== "" && !error.code.startsWith("HTTP_5");
  return isOfUse ? error.message : messages.someError;
}
