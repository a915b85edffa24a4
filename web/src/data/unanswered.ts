import type { Text } from "@/api/texts";
import type { Conversation } from "@/api/threads";
import OBEYED from "./obeyed-words.json";

const WORDS: ReadonlySet<string> = new Set(OBEYED);
/** What may stand around a word. */
const AROUND = /^[ .,!?"'\u2018\u2019\u201c\u201d]+|[ .,!?"'\u2018\u2019\u201c\u201d]+$/g;

/**
 * Whether a text, if it is the last of its person, waits for somebody to read it. The server's own
 * rule (`unanswered` of texts/threads.py), for what the socket tells; tests hold the two equal.
 */
export function waits({ isOut, isAnswered, message }: Text): boolean {
  return !isOut && !isAnswered && !WORDS.has(plain(message));
}

/** The text as it reads: full-width letters as plain ones, nothing invisible, single spaces. */
function plain(message: string): string {
  const seen = message.normalize("NFKC").replace(/\p{Cf}|(?!\s)\p{Cc}/gu, "");
  return seen.trim().split(/\s+/).join(" ").replace(AROUND, "").toLowerCase();
}

/**
 * The conversations as the server has read them out, with the later texts of which the socket
 * tells: each person once, the latest first.
 */
export function conversationsOf(
  read: readonly Conversation[],
  live: readonly Text[],
): readonly Conversation[] {
  const found = new Map<string, Conversation>();
  for (const each of read) {
    const key = `${each.person.table}/${each.person.id}`;
    const known = found.get(key);
    if (known === undefined || known.at < each.at) found.set(key, each);
  }
  for (const text of live) {
    const { personTable: table, personId: id, writtenAt: at } = text;
    if (table !== "leads" && table !== "contacts") continue;
    const known = found.get(`${table}/${id}`);
    if (known !== undefined && (known.at > at || known.last.id === text.id)) continue;
    // Our answer may be of the same millisecond as the text that it answers.
    if (known?.at === at && !text.isOut) continue;
    const name = known?.name ?? null;
    const next = {
      person: { table, id },
      name,
      last: text,
      at,
      isUnanswered: waits(text),
    } as const;
    found.set(`${table}/${id}`, next);
  }
  return [...found.values()].sort((a, b) => b.at.localeCompare(a.at));
}
