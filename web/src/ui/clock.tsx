import { createContext, useContext, useMemo, type ReactNode } from "react";

import type { Clock } from "./format";
import { useMessages } from "./messages";

const Zone = createContext<string>("UTC");

/** Gives everything below it the time zone of the business. */
export function ZoneProvider(props: { readonly timeZone: string; readonly children: ReactNode }) {
  return <Zone.Provider value={props.timeZone}>{props.children}</Zone.Provider>;
}

/** How this person reads times of this business. */
export function useClock(): Clock {
  const timeZone = useContext(Zone);
  const { locale } = useMessages();
  return useMemo(() => ({ locale, timeZone }), [locale, timeZone]);
}
