import { useSyncClient, type OutboxItem } from "@/sync";
import { useMessages } from "./messages";

/** Tables and ids as they stand in scopes; the thread of a person names the person. */
const SCOPE = /^(?:texts\/)?(?<table>[a-z_]+)\/(?<id>[^/]+)$/;

/** An action of the outbox in words, with the name of whom it is about. */
export function useDescription(): (item: OutboxItem) => string {
  const { rows } = useSyncClient();
  const messages = useMessages();
  return ({ endpoint, method, scopes }) => {
    const pattern = endpoint.replace(
      /^(\/api\/(?:contacts|leads|jobs|sms|calls|conflicts)\/)(?!send-sms|update-status)[^/]+/,
      "$1:id",
    );
    const say = messages.actions[`${method} ${pattern}`];
    if (say === undefined) return messages.someAction;
    // What begins with # tells actions on one row apart, and names no row.
    const named = scopes.filter((scope) => !scope.startsWith("#"));
    if (named.length > 1) return say(messages.severalLeads(named.length));
    return say(nameIn(named[0] ?? "", rows.confirmed.bind(rows)) ?? messages.someone);
  };
}

function nameIn(
  scope: string,
  rowOf: (table: string, id: string) => Readonly<Record<string, unknown>> | null,
): string | null {
  const found = SCOPE.exec(scope)?.groups;
  if (found === undefined) return null;
  const { table = "", id = "" } = found;
  // Calls are asked for by contact: the call itself has no row yet.
  const row = rowOf(table === "calls" ? "contacts" : table, id);
  const name = row?.contact_name ?? row?.name;
  return typeof name === "string" && name !== "" ? name : null;
}
