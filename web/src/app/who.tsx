import { createContext, useContext } from "react";

import type { Me } from "@/api/me";
import type { Person } from "./sign-in/people";
import type { SignIn } from "./sign-in/sign-in";

/** Who uses the dashboard, and how they come and go. */
export interface Who {
  readonly me: Me;
  readonly person: Person;
  /** Everybody of a demo. */
  readonly people: readonly Person[];
  readonly signIn: SignIn;
  readonly switchTo: (person: Person) => void;
  readonly signOut: () => void;
}

const Context = createContext<Who | null>(null);

export const WhoProvider = Context.Provider;

export function useWho(): Who {
  const who = useContext(Context);
  if (who === null) throw new Error("A WhoProvider is missing");
  return who;
}
