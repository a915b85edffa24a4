import type { Text } from "@/api/texts";

/** Words that end a conversation by themselves: the server answers or obeys them. */
const SETTLED =
  /^\s*(stop|stopall|unsubscribe|start|help|c|x|y|n|yes|no|confirm|cancel|si|sí)\s*[.!]?\s*$/i;

/** Of each person the last text, if they wrote it and nobody has answered; the one who waits longest first. */
export function unansweredOf(texts: readonly Text[]): Text[] {
  const last = new Map<string, Text>();
  for (const text of texts) {
    const known = last.get(text.personId);
    if (known === undefined || known.at < text.at) last.set(text.personId, text);
  }
  return [...last.values()]
    .filter(({ isOut, message }) => !isOut && !SETTLED.test(message))
    .sort((a, b) => a.at.localeCompare(b.at));
}
