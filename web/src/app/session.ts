import { readMe, type Me } from "@/api/me";
import { readPeople, type Person } from "@/api/people";
import { Http, startSync, type SyncClient, type TokenProvider } from "@/sync";

/** Where the API is, when it is not on the page's own host. */
const API_URL: string = import.meta.env.VITE_API_URL ?? "";
const TIMEOUT_MS = 15_000;

/** Somebody who is signed in, with the library started for them. */
export interface Session {
  readonly me: Me;
  readonly name: string;
  readonly client: SyncClient;
}

/** @throws ApiError when the server does not know the person. */
export async function openSession(person: Person): Promise<Session> {
  const tokens = tokensOf(person);
  const http = new Http({
    baseUrl: API_URL,
    tokens,
    fetch: (...request) => fetch(...request),
    timeoutMs: TIMEOUT_MS,
  });
  const me = await readMe(http);
  const client = startSync({
    user: { id: me.id, orgId: me.orgId },
    tokens,
    baseUrl: API_URL,
    timeoutMs: TIMEOUT_MS,
  });
  return { me, name: person.name, client };
}

/** The local stack's tokens. Another sign-in, such as Cognito's, is another {@link TokenProvider}. */
function tokensOf(person: Person): TokenProvider {
  let { token } = person;
  return {
    getToken: async ({ fresh }) => {
      if (!fresh) return token;
      const people = await readPeople();
      token = people?.find(({ email }) => email === person.email)?.token ?? token;
      return token;
    },
  };
}

const CHOSEN = "closed-loop:person";

/** Who was chosen in this tab, else in the last one; `?as=` chooses for this tab. */
export function chosenPerson(people: readonly Person[]): Person | undefined {
  const asked = new URLSearchParams(location.search).get("as");
  const known = [asked, sessionStorage.getItem(CHOSEN), localStorage.getItem(CHOSEN)];
  return (
    known.map((email) => people.find((person) => person.email === email)).find(Boolean) ?? people[0]
  );
}

export function rememberPerson({ email }: Person): void {
  sessionStorage.setItem(CHOSEN, email);
  localStorage.setItem(CHOSEN, email);
  const url = new URL(location.href);
  url.searchParams.delete("as");
  history.replaceState(null, "", url);
}
