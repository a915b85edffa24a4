import { skipToken, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { isPassing } from "@/api/errors";
import type { Me } from "@/api/me";
import type { SyncClient } from "@/sync";
import { useLastError } from "@/ui/use-last-error";
import { knownMe, remember } from "./known";
import { openClient, rememberInTab, whoIs } from "./session";
import type { Person } from "./sign-in/people";
import type { SignIn } from "./sign-in/sign-in";

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
export function useSession(person: Person, signIn: SignIn): Session {
  const queries = useQueryClient();
  const [tokens] = useState(() => signIn.tokensOf(person));
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
  useEffect(() => {
    if (answer.data === undefined) return;
    remember(person, answer.data);
    rememberInTab(person.email);
  }, [person, answer.data]);
  useWokenWhen(answer.isSuccess && answer.errorUpdateCount > 0, client);
  return { me, client, error: useLastError(answer), retry: () => void answer.refetch() };
}

/** The server is back: what waited for it need not wait for its turn. */
function useWokenWhen(isBack: boolean, client: SyncClient | undefined): void {
  useEffect(() => {
    if (isBack) void client?.syncNow();
  }, [isBack, client]);
}
