import { createContext, useContext } from "react";

import type { SyncClient } from "../client";

const Context = createContext<SyncClient | null>(null);

/** Gives the hooks below it the library of the person who is signed in. */
export const SyncProvider = Context.Provider;

/** The library of the person who is signed in. */
export function useSyncClient(): SyncClient {
  const client = useContext(Context);
  if (client === null) throw new Error("A SyncProvider is missing");
  return client;
}
