import { createContext, useContext } from "react";

import type { Me } from "@/api/me";

const Context = createContext<Me | null>(null);

export const MeProvider = Context.Provider;

/** Who is signed in, and for which business. */
export function useMe(): Me {
  const me = useContext(Context);
  if (me === null) throw new Error("A MeProvider is missing");
  return me;
}
