import { isPassing } from "@/api/errors";
import { readMe, type Me } from "@/api/me";
import { Http, startSync, type SyncClient, type TokenProvider } from "@/sync";
import { knownPeople } from "./known";
import { rememberAs, remembered } from "./safe-storage";
import type { Person } from "./sign-in/people";

/** Where the API is, when it is not on the page's own host. */
const API_URL: string = import.meta.env.VITE_API_URL ?? "";
const TIMEOUT_MS = 15_000;

/** @throws ApiError when the server does not say who they are. */
export function whoIs(tokens: TokenProvider): Promise<Me> {
  const http = new Http({
    baseUrl: API_URL,
    tokens,
    fetch: (...request) => fetch(...request),
    timeoutMs: TIMEOUT_MS,
  });
  return readMe(http);
}

/** Starts the library for a person. `confirm` answers who the server says they are. */
export function openClient(me: Me, tokens: TokenProvider, confirm: () => Promise<Me>): SyncClient {
  return startSync({
    user: { id: me.id, orgId: me.orgId },
    tokens: onlyFor(me, tokens, confirm),
    baseUrl: API_URL,
    timeoutMs: TIMEOUT_MS,
  });
}

/** Nothing is sent in somebody's name before the server has said that they still are who they were. */
function onlyFor(
  { id, orgId }: Me,
  tokens: TokenProvider,
  confirm: () => Promise<Me>,
): TokenProvider {
  return {
    ...tokens,
    getToken: async (options) => {
      const me = await confirm().catch((error: unknown) => {
        if (isPassing(error)) throw error;
        return null;
      });
      return me?.id === id && me.orgId === orgId ? tokens.getToken(options) : null;
    },
  };
}

const CHOSEN = "closed-loop:person";

/** `?as=` chooses for this tab; else who was chosen in this tab, else in the last one. */
function chosenEmails(): string[] {
  const asked = new URLSearchParams(location.search).get("as");
  const known = [asked, remembered("session", CHOSEN), remembered("local", CHOSEN)];
  return known.filter((email) => email !== null);
}

/** The first of those chosen who is there, else anybody. */
export function chosenPerson(people: readonly Person[]): Person | undefined {
  const found = chosenEmails().map((email) => people.find((person) => person.email === email));
  return found.find(Boolean) ?? people[0];
}

/** The one chosen, of those who are known from an earlier page; nobody in their place. */
export function knownPerson(): Person | undefined {
  const [chosen] = chosenEmails();
  const people = knownPeople().map(({ person }) => person);
  return chosen === undefined ? people[0] : people.find(({ email }) => email === chosen);
}

export function rememberPerson({ email }: Person): void {
  rememberInTab(email);
  const url = new URL(location.href);
  url.searchParams.delete("as");
  history.replaceState(history.state, "", url);
}

/** A reload finds the same person here, and so does the next tab. */
export function rememberInTab(email: string): void {
  rememberAs("session", CHOSEN, email);
  rememberAs("local", CHOSEN, email);
}
