import type { Conversation } from "@/api/threads";
import { useRow } from "@/sync";
import { useMessages } from "@/ui/messages";
import { useOne } from "./use-one";

/** What the person of a conversation is called: as known here, as listed, or asked for. */
export function usePersonName({ person: { table, id }, name }: Conversation): string {
  const { list } = useMessages();
  const known = useRow(table, id)?.row.name ?? name;
  const row = useOne(table, table === "leads" ? "lead" : "contact", id, known === null).view?.row;
  const found = known ?? row?.name;
  return typeof found === "string" && found !== "" ? found : list.unnamed;
}
