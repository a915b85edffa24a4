import { Ellipsis, Search } from "lucide-react";
import { Link, useRoute } from "wouter";

import { isManager } from "@/api/me";
import { useMessages } from "@/ui/messages";
import { useWho } from "../who";
import { AccountMenu } from "./account-menu";
import { DemoBar } from "./demo-bar";
import styles from "./nav.module.css";
import { PAGES, type Page } from "./pages";

/** The pages that this person may see. */
export function usePages(): readonly Page[] {
  const { me } = useWho();
  return PAGES.filter(({ managers }) => managers !== true || isManager(me));
}

export interface RailProps {
  readonly onPalette: () => void;
  readonly onShortcuts: () => void;
}

/** The way around, at the side. */
export function Rail({ onPalette, onShortcuts }: RailProps) {
  const messages = useMessages();
  const pages = usePages();
  return (
    <header className={styles.rail}>
      <AccountMenu onShortcuts={onShortcuts} />
      <button type="button" className={styles.search} onClick={onPalette}>
        <Search size={15} aria-hidden="true" />
        <span className={styles.wide}>{messages.palette.open}</span>
        <kbd className={styles.kbd} aria-hidden="true">
          Ctrl K
        </kbd>
      </button>
      <nav aria-label={messages.nav.main} className={styles.nav}>
        {(["work", "watch"] as const).map((group) => (
          <ul key={group} className={styles.group} aria-label={messages.nav[group]}>
            {pages
              .filter((page) => page.group === group)
              .map((page) => (
                <li key={page.path}>
                  <NavLink page={page} className={styles.link} labelClass={styles.wide} size={16} />
                </li>
              ))}
          </ul>
        ))}
      </nav>
      <DemoBar className={styles.demo} />
    </header>
  );
}

/** The way around on a phone. */
export function BottomBar() {
  const messages = useMessages();
  const pages = usePages();
  const [isMore] = useRoute("/more");
  return (
    <nav aria-label={messages.nav.main} className={styles.bottom}>
      {pages
        .filter(({ phone }) => phone === true)
        .map((page) => (
          <NavLink key={page.path} page={page} className={styles.tab} size={20} />
        ))}
      <Link href="/more" className={styles.tab} aria-current={isMore ? "page" : undefined}>
        <Ellipsis size={20} aria-hidden="true" />
        <span>{messages.nav.more}</span>
      </Link>
    </nav>
  );
}

export interface NavLinkProps {
  readonly page: Page;
  readonly className: string | undefined;
  readonly labelClass?: string | undefined;
  readonly size: number;
}

export function NavLink({ page, className, labelClass, size }: NavLinkProps) {
  const messages = useMessages();
  const [isHere] = useRoute(`${page.path}/*?`);
  const Icon = page.icon;
  const name = page.name(messages);
  return (
    <Link
      href={page.path}
      className={className}
      aria-current={isHere ? "page" : undefined}
      aria-label={name}
      title={name}
    >
      <Icon size={size} strokeWidth={1.9} aria-hidden="true" />
      <span className={labelClass}>{name}</span>
    </Link>
  );
}
