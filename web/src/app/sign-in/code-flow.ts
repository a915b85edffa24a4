/**
 * The authorization code flow with PKCE (RFC 7636), as Cognito's managed sign-in has it. Tokens
 * stay in memory: a reload goes through the sign-in page, which knows the person by its cookie.
 */

import { isRecord, type TokenProvider } from "@/sync";
import { rememberAs, remembered } from "../safe-storage";
import type { Person } from "./people";
import type { SignIn } from "./sign-in";

export interface CodeFlowConfig {
  /** The host of the sign-in pages. */
  readonly domain: string;
  readonly client: string;
}

/** What of the browser is used; tests replace it. */
export interface CodeFlowBrowser {
  readonly fetch: typeof fetch;
  readonly address: () => URL;
  readonly go: (url: string) => void;
  /** Shows another address without loading it. */
  readonly show: (url: string) => void;
  readonly now: () => number;
}

const thisPage: CodeFlowBrowser = {
  fetch: (...request) => fetch(...request),
  address: () => new URL(location.href),
  go: (url) => location.assign(url),
  show: (url) => history.replaceState(null, "", url),
  now: Date.now,
};

/** What the way to the sign-in page and back has to remember. */
const PENDING = "closed-loop:sign-in";
const SCOPES = "openid email profile";
/** A token this close to its end is renewed before it is used. */
const EARLY_MS = 60_000;

interface Tokens {
  readonly access: string;
  readonly refresh: string | null;
  readonly endsAt: number;
  readonly person: Person;
}

export function codeFlow(config: CodeFlowConfig, page: CodeFlowBrowser = thisPage): SignIn {
  let tokens: Tokens | null = null;
  const ask = async (form: Readonly<Record<string, string>>): Promise<Tokens | null> => {
    const response = await page.fetch(`https://${config.domain}/oauth2/token`, {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ client_id: config.client, ...form }),
    });
    // Refused is an answer; trouble is none.
    if (response.status >= 500) throw new Error(`No tokens (${String(response.status)})`);
    const body: unknown = await response.json().catch(() => null);
    return response.ok ? readTokens(body, tokens, page.now()) : null;
  };
  const begin = (): void => void leave(config, page);
  const provider: TokenProvider = {
    getToken: async ({ fresh }) => {
      if (tokens === null) return null;
      const isDue = fresh || tokens.endsAt - EARLY_MS <= page.now();
      if (!isDue) return tokens.access;
      if (tokens.refresh === null) return null;
      tokens = (await ask({ grant_type: "refresh_token", refresh_token: tokens.refresh })) ?? {
        ...tokens,
        refresh: null,
        endsAt: 0,
      };
      return tokens.endsAt === 0 ? null : tokens.access;
    },
  };
  return {
    kind: "code",
    people: async () => {
      tokens ??= await arrive(page, ask);
      return tokens === null ? [] : [tokens.person];
    },
    tokensOf: () => provider,
    begin,
    end: () => {
      tokens = null;
      const query = new URLSearchParams({
        client_id: config.client,
        logout_uri: `${page.address().origin}/`,
      });
      page.go(`https://${config.domain}/logout?${query}`);
    },
  };
}

/** Goes to the sign-in page, and remembers the way back to this very page. */
async function leave({ domain, client }: CodeFlowConfig, page: CodeFlowBrowser): Promise<void> {
  const { origin, pathname, search } = page.address();
  const [verifier, state] = [random(48), random(24)];
  rememberAs("session", PENDING, JSON.stringify({ verifier, state, back: pathname + search }));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const query = new URLSearchParams({
    response_type: "code",
    client_id: client,
    redirect_uri: `${origin}/`,
    scope: SCOPES,
    state,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: "S256",
  });
  page.go(`https://${domain}/oauth2/authorize?${query}`);
}

/** Takes the code that the sign-in page sent along, if it did and it is the answer to our question. */
async function arrive(
  page: CodeFlowBrowser,
  ask: (form: Readonly<Record<string, string>>) => Promise<Tokens | null>,
): Promise<Tokens | null> {
  const address = page.address();
  const code = address.searchParams.get("code");
  const pending = readPending(remembered("session", PENDING));
  if (code === null || pending === null) return null;
  if (address.searchParams.get("state") !== pending.state) return null;
  const tokens = await ask({
    grant_type: "authorization_code",
    code,
    redirect_uri: `${address.origin}/`,
    code_verifier: pending.verifier,
  });
  rememberAs("session", PENDING, null);
  page.show(pending.back);
  return tokens;
}

function readTokens(body: unknown, before: Tokens | null, now: number): Tokens | null {
  if (!isRecord(body) || typeof body.access_token !== "string") return null;
  const seconds = typeof body.expires_in === "number" ? body.expires_in : 3600;
  const person = typeof body.id_token === "string" ? personOf(body.id_token) : before?.person;
  if (person == null) return null;
  return {
    access: body.access_token,
    refresh:
      typeof body.refresh_token === "string" ? body.refresh_token : (before?.refresh ?? null),
    endsAt: now + seconds * 1_000,
    person,
  };
}

/** Whom an id token is about. It came straight from the sign-in, so nothing is to be proved here. */
function personOf(idToken: string): Person | null {
  try {
    const part = (idToken.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(part), (letter) => letter.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (!isRecord(claims) || typeof claims.email !== "string") return null;
    const name = typeof claims.name === "string" ? claims.name : claims.email;
    return { name, email: claims.email, orgId: "", orgName: "", role: "", token: null };
  } catch {
    return null;
  }
}

function readPending(
  text: string | null,
): { readonly verifier: string; readonly state: string; readonly back: string } | null {
  try {
    const pending: unknown = JSON.parse(text ?? "null");
    if (!isRecord(pending)) return null;
    const { verifier, state, back } = pending;
    if (typeof verifier !== "string" || typeof state !== "string" || typeof back !== "string")
      return null;
    // Only within this origin.
    return { verifier, state, back: /^\/(?![/\\])/.test(back) ? back : "/" };
  } catch {
    return null;
  }
}

function random(bytes: number): string {
  return base64url(crypto.getRandomValues(new Uint8Array(bytes)));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
