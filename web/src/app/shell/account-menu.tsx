import { ChevronsUpDown } from "lucide-react";
import { useLocation } from "wouter";

import { Avatar } from "@/ui/avatar";
import { Menu, type MenuItem } from "@/ui/menu";
import { LOCALES, useMessages, type Messages } from "@/ui/messages";
import { inLocale, localeOf } from "../locale-root";
import { chooseTheme, useTheme, type Theme } from "../theme";
import { useWho } from "../who";
import styles from "./account-menu.module.css";

/** Whose business, who is signed in, and what they can set: theme, language, sign out. */
export function AccountMenu({ onShortcuts }: { readonly onShortcuts: () => void }) {
  const { menu } = useMessages();
  const { me, person } = useWho();
  const items = useAccountItems(onShortcuts);
  return (
    <Menu
      label={menu.account}
      testId="account-menu"
      triggerClass={styles.trigger}
      trigger={
        <>
          <Avatar name={me.org.name} size={26} />
          <span className={styles.who}>
            <span className={styles.org} data-testid="org-name">
              {me.org.name}
            </span>
            <span className={styles.person}>{person.name}</span>
          </span>
          <ChevronsUpDown size={14} aria-hidden="true" className={styles.arrows} />
        </>
      }
      items={items}
    />
  );
}

const LANGUAGES: Readonly<Record<(typeof LOCALES)[number], string>> = {
  en: "English",
  es: "Español",
};

export function useAccountItems(onShortcuts: () => void): readonly MenuItem[] {
  const messages = useMessages();
  const { signOut, signIn } = useWho();
  const theme = useTheme();
  const [, navigate] = useLocation();
  const here = localeOf(location.pathname);
  const { menu } = messages;
  return [
    ...(["light", "dark", "system"] as const).map((each) => ({
      key: each,
      label: `${menu.theme}: ${themeName(messages, each)}`,
      text: themeName(messages, each),
      checked: each === theme,
      onSelect: () => chooseTheme(each),
    })),
    ...LOCALES.map((locale) => ({
      key: locale,
      label: `${menu.language}: ${LANGUAGES[locale]}`,
      text: LANGUAGES[locale],
      checked: locale === here,
      // `~` is an address of its own, not one below the language.
      onSelect: () => navigate(`~${inLocale(location.pathname + location.search, locale)}`),
    })),
    { key: "shortcuts", label: menu.shortcuts, text: menu.shortcuts, onSelect: onShortcuts },
    ...(signIn.kind === "demo"
      ? []
      : [{ key: "out", label: menu.signOut, text: menu.signOut, onSelect: signOut }]),
  ];
}

function themeName({ menu }: Messages, theme: Theme): string {
  return menu[theme];
}
