import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { readPage } from "@/api/lists";
import { fromThread, toText, type Text } from "@/api/texts";
import { CONTACTS, LEADS } from "@/data/lists";
import { useList } from "@/data/use-list";
import type { PersonRef } from "@/parts/use-thread";
import { useRows, useSyncClient, type Http, type RowView } from "@/sync";
import { useMessages } from "@/ui/messages";

/** There is no list of threads to read: the last texts of those who changed last are read one by one. */
const LOOKED_AT = 40;
const AT_ONCE = 4;

export interface Conversation {
  readonly person: PersonRef;
  readonly name: string;
  readonly last: Text;
}

/** The last text with each person, as far as it is known here. */
export function useConversations(): {
  readonly conversations: readonly Conversation[];
  readonly isLoading: boolean;
} {
  const messages = useMessages();
  const { http } = useSyncClient();
  const [leads, contacts] = [useList(LEADS), useList(CONTACTS)];
  const live = useRows("sms_logs");
  const isReady = leads.isKnown && contacts.isKnown;
  const read = useQuery({
    queryKey: ["conversations"],
    queryFn: ({ signal }) =>
      lastTexts(
        http,
        [...recent("contacts", contacts.views), ...recent("leads", leads.views)],
        signal,
      ),
    enabled: isReady,
    staleTime: 300_000,
  });
  const conversations = useMemo(() => {
    const names = new Map<string, string>();
    for (const { id, row } of [...leads.views, ...contacts.views])
      names.set(id, typeof row.name === "string" ? row.name : "");
    const last = new Map<string, Text>();
    const texts = [...(read.data ?? []), ...live.flatMap(({ row }) => toText(row) ?? [])];
    for (const text of texts) {
      const known = last.get(text.personId);
      if (known === undefined || known.at <= text.at) last.set(text.personId, text);
    }
    return [...last.values()].map((text): Conversation => {
      const table = text.personTable === "leads" ? "leads" : "contacts";
      const name = names.get(text.personId) ?? "";
      return {
        person: { table, id: text.personId },
        name: name === "" ? messages.list.unnamed : name,
        last: text,
      };
    });
  }, [read.data, live, leads.views, contacts.views, messages]);
  return { conversations, isLoading: conversations.length === 0 && (!isReady || read.isPending) };
}

function recent(table: PersonRef["table"], views: readonly RowView[]): PersonRef[] {
  const updated = ({ row }: RowView): string =>
    typeof row.updated_at === "string" ? row.updated_at : "";
  return [...views]
    .filter(({ row }) => typeof row.phone === "string")
    .sort((a, b) => updated(b).localeCompare(updated(a)))
    .slice(0, LOOKED_AT)
    .map(({ id }) => ({ table, id }));
}

async function lastTexts(
  http: Http,
  people: readonly PersonRef[],
  signal: AbortSignal,
): Promise<readonly Text[]> {
  const found: Text[] = [];
  const waiting = [...people];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { table, id } = next;
      const path = `/api/${table}/${encodeURIComponent(id)}/sms-history`;
      // One thread that cannot be read takes no other away.
      const page = await readPage(http, path, "sms_messages", signal, { limit: "1" }).catch(
        () => null,
      );
      const text = page?.rows[0] === undefined ? null : fromThread(page.rows[0], next);
      if (text !== null) found.push(text);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found;
}
