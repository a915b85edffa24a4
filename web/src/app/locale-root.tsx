import { useQuery } from "@tanstack/react-query";
import { useEffect, type ReactNode } from "react";
import { Redirect, Router, useLocation } from "wouter";

import { en, LOCALES, loadMessages, MessagesProvider, type Locale } from "@/ui/messages";
import { rememberAs, remembered } from "./safe-storage";

const NAME = "closed-loop:locale";

/** The language of an address such as `/es/today`; null where it names none. */
export function localeOf(path: string): Locale | null {
  const first = path.split("/")[1];
  return LOCALES.find((locale) => locale === first) ?? null;
}

/** The language chosen last on this browser, else the first of the person's that we speak. */
export function preferredLocale(): Locale {
  const wanted = [remembered("local", NAME), ...navigator.languages];
  const known = wanted.flatMap((each) => LOCALES.find((locale) => each?.startsWith(locale)) ?? []);
  return known[0] ?? "en";
}

/** The same place in another language. */
export function inLocale(href: string, locale: Locale): string {
  return href.replace(/^\/[^/?#]*/, `/${locale}`);
}

/** The first part of the address is the language; without one the person's own is taken. */
export function LocaleRoot({ children }: { readonly children: ReactNode }) {
  const [path] = useLocation();
  const locale = localeOf(path);
  const { data: messages } = useQuery({
    queryKey: ["messages", locale],
    queryFn: () => loadMessages(locale ?? "en"),
    initialData: locale === "en" ? en : undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });
  useEffect(() => {
    if (locale === null) return;
    document.documentElement.lang = locale;
    rememberAs("local", NAME, locale);
  }, [locale]);
  if (locale === null) {
    const rest = path === "/" ? "/today" : path;
    return <Redirect to={`/${preferredLocale()}${rest}${location.search}`} replace />;
  }
  // The language's own file comes within moments; no sentence of another one flashes by.
  if (messages === undefined) return null;
  return (
    <MessagesProvider value={messages}>
      <Router base={`/${locale}`}>{children}</Router>
    </MessagesProvider>
  );
}
