import { skipToken, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { isPassing } from "@/api/errors";
import type { Me } from "@/api/me";
import type { Person } from "@/api/people";
import type { SyncClient } from "@/sync";
import { useLastError } from "@/ui/use-last-error";
import { knownMe, remember } from "./known";
import { openClient, rememberInTab, tokensOf, whoIs } from "./session";

/** How often the server is asked again while it cannot be reached. */
export const ASK_AGAIN_MS = 10_000;
const RETRIES = 2;

export interface Session {
  /** As the server says, or as it said to an earlier page. Undefined: nobody has said so yet. */
  readonly me: Me | undefined;
  /** The library, started for them. */
  readonly client: SyncClient | undefined;
  readonly error: Error | null;
  readonly retry: () => void;
}

/** Somebody's session. Who is known here gets it at once, also while the server is away. */
export function useSession(person: Person): Session {
  const queries = useQueryClient();
  const [tokens] = useState(() => tokensOf(person));
  const [known] = useState(() => knownMe(person.email));
  const question = {
    queryKey: ["me", person.email],
    queryFn: () => whoIs(tokens),
    staleTime: Number.POSITIVE_INFINITY,
    // Who is known waits for nothing: each request for a token is another try.
    retry: (failures: number, error: Error) =>
      known === undefined && failures < RETRIES && isPassing(error),
  };
  const answer = useQuery({
    ...question,
    refetchInterval: ({ state }) => (isPassing(state.error) ? ASK_AGAIN_MS : false),
  });
  const me = answer.data ?? known;
  const { data: client } = useQuery({
    queryKey: ["client", me?.orgId, me?.id],
    queryFn:
      me === undefined ? skipToken : () => openClient(me, tokens, () => queries.query(question)),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    // It is an object with a life of its own.
    structuralSharing: false,
  });
  useRemembered(person, answer.data);
  useWokenWhen(answer.isSuccess && answer.errorUpdateCount > 0, client);
  return { me, client, error: useLastError(answer), retry: () => void answer.refetch() };
}

function useRemembered(person: Person, me: Me | undefined): void {
  useEffect(() => {
    if (me === undefined) return;
    try {
      remember(person, me);
      rememberInTab(person.email);
    } catch {
      // The browser's storage is full or shut: the next page has to ask before it shows anything.
    }
  }, [person, me]);
}

/** The server is back: what waited for it need not wait for its turn. */
function useWokenWhen(isBack: boolean, client: SyncClient | undefined): void {
  useEffect(() => {
    if (isBack) void client?.syncNow();
  }, [isBack, client]);
}
