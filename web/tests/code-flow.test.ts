import { beforeEach, describe, expect, it } from "vitest";

import { codeFlow, type CodeFlowBrowser } from "@/app/sign-in/code-flow";

const CONFIG = { domain: "sign-in.example.com", client: "client-1" };
const token = (claims: object): string =>
  `h.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.s`;

describe("signing in by the code flow", () => {
  let address: string;
  let went: string[];
  let asked: URLSearchParams[];
  let now: number;
  let answers: (() => Response)[];
  let page: CodeFlowBrowser;
  beforeEach(() => {
    [address, went, asked, now, answers] = ["https://app.example/es/leads?q=ana", [], [], 0, []];
    page = {
      address: () => new URL(address),
      go: (url) => went.push(url),
      show: (url) => (address = new URL(url, address).href),
      now: () => now,
      fetch: (_, init) => {
        asked.push(init?.body as URLSearchParams);
        return Promise.resolve((answers.shift() ?? (() => new Response("", { status: 500 })))());
      },
    };
  });

  const tokens =
    (access: string, more: object = {}) =>
    (): Response =>
      Response.json({
        access_token: access,
        expires_in: 3_600,
        id_token: token({ email: "ana@shop.example", name: "Ana Núñez" }),
        ...more,
      });

  async function comeBack(): Promise<ReturnType<typeof codeFlow>> {
    codeFlow(CONFIG, page).begin();
    while (went.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const state = new URL(went[0] ?? "").searchParams.get("state") ?? "";
    address = `https://app.example/?code=c-1&state=${state}`;
    return codeFlow(CONFIG, page);
  }

  it("leaves with a challenge, comes back to the same place, and proves that it was the one who left", async () => {
    answers.push(tokens("first", { refresh_token: "again" }));
    const signIn = await comeBack();
    const query = new URL(went[0] ?? "").searchParams;
    expect(query.get("code_challenge_method")).toBe("S256");
    const people = await signIn.people();
    expect(people).toMatchObject([{ email: "ana@shop.example", name: "Ana Núñez" }]);
    expect(address).toBe("https://app.example/es/leads?q=ana");
    const verifier = asked[0]?.get("code_verifier") ?? "";
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
    expect(query.get("code_challenge")).toBe(Buffer.from(digest).toString("base64url"));
  });

  it("takes no code that is the answer to somebody else's question", async () => {
    const signIn = await comeBack();
    address = "https://app.example/?code=c-1&state=other";
    expect(await signIn.people()).toEqual([]);
    expect(asked).toEqual([]);
  });

  it("renews a token before it ends, and after a refusal", async () => {
    answers.push(tokens("first", { refresh_token: "again" }), tokens("second"), tokens("third"));
    const signIn = await comeBack();
    const [person] = (await signIn.people()) ?? [];
    if (person === undefined) throw new Error("Nobody");
    const provider = signIn.tokensOf(person);
    expect(await provider.getToken({ fresh: false })).toBe("first");
    now = 3_599_000;
    expect(await provider.getToken({ fresh: false })).toBe("second");
    expect(await provider.getToken({ fresh: true })).toBe("third");
    expect(asked.map((form) => form.get("grant_type"))).toEqual([
      "authorization_code",
      "refresh_token",
      "refresh_token",
    ]);
  });

  it("has no token once the sign-in has ended, and says trouble apart from refusal", async () => {
    answers.push(tokens("first", { refresh_token: "again" }));
    const signIn = await comeBack();
    const [person] = (await signIn.people()) ?? [];
    if (person === undefined) throw new Error("Nobody");
    const provider = signIn.tokensOf(person);
    await expect(provider.getToken({ fresh: true })).rejects.toThrow("No tokens");
    answers.push(() => Response.json({ error: "invalid_grant" }, { status: 400 }));
    expect(await provider.getToken({ fresh: true })).toBeNull();
    expect(await provider.getToken({ fresh: false })).toBeNull();
  });
});
