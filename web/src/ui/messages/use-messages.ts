import { createContext, useContext } from "react";

import { en, type Messages } from "./en";

const Context = createContext<Messages>(en);

/** Gives everything below it the sentences of a language; without it they are English. */
export const MessagesProvider = Context.Provider;

/** What the page says, in the language of the person. */
export function useMessages(): Messages {
  return useContext(Context);
}
