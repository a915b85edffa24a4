import { createContext, useContext } from "react";

/** Somebody who can sign in at the business. */
export interface Colleague {
  readonly name: string;
  readonly email: string;
  /** `owner`, `manager` or `staff`. */
  readonly role: string;
  readonly isMe: boolean;
}

const Context = createContext<readonly Colleague[]>([]);

export const ColleaguesProvider = Context.Provider;

/** Who can sign in at the business, as far as the sign-in tells: at least whoever is signed in. */
export function useColleagues(): readonly Colleague[] {
  return useContext(Context);
}
