/** How people sign in. One interface; the local stack has demo people, a deployment the code flow. */

import type { TokenProvider } from "@/sync";
import { codeFlow, type CodeFlowConfig } from "./code-flow";
import { demoSignIn } from "./demo";
import type { Person } from "./people";

export interface SignIn {
  /** Demo people can be swapped for one another; others sign in on a page of their own. */
  readonly kind: "demo" | "code";
  /**
   * Who may use this tab: several for a demo, one who is signed in, none who has to sign in first.
   * Null: there is no sign-in here. @throws Error while nobody can say.
   */
  people(): Promise<readonly Person[] | null>;
  /** The tokens of one of them, for as long as the page lives. */
  tokensOf(person: Person): TokenProvider;
  /** Leads to the sign-in and back to this very page. */
  begin(): void;
  /** Ends the session at the place that keeps it. */
  end(): void;
}

/** As the build was configured: `VITE_SIGN_IN_DOMAIN` and `VITE_SIGN_IN_CLIENT` name the user pool's. */
export function configuredSignIn(): SignIn {
  const domain: string = import.meta.env.VITE_SIGN_IN_DOMAIN ?? "";
  const client: string = import.meta.env.VITE_SIGN_IN_CLIENT ?? "";
  const config: CodeFlowConfig = { domain, client };
  return domain === "" || client === "" ? demoSignIn : codeFlow(config);
}
