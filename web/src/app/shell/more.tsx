import { Link } from "wouter";

import { Button, buttonClass } from "@/ui/button";
import { useMessages } from "@/ui/messages";
import { PageHeader } from "@/ui/page-header";
import { useAccountItems } from "./account-menu";
import { DemoBar } from "./demo-bar";
import styles from "./more.module.css";
import { usePages } from "./nav";

/** What does not fit into the bar of a phone: the other pages and the settings of the person. */
export function More() {
  const messages = useMessages();
  const pages = usePages();
  const items = useAccountItems(() => undefined).filter(({ key }) => key !== "shortcuts");
  return (
    <>
      <PageHeader title={messages.nav.more} />
      <ul className={styles.pages}>
        {pages
          .filter(({ phone }) => phone !== true)
          .map(({ path, name, icon: Icon }) => (
            <li key={path}>
              <Link href={path} className={styles.page}>
                <Icon size={18} aria-hidden="true" />
                {name(messages)}
              </Link>
            </li>
          ))}
      </ul>
      <div className={styles.settings}>
        {items.map(({ key, label, checked, onSelect }) => (
          <Button
            key={key}
            aria-pressed={checked}
            className={checked === true ? buttonClass("primary") : ""}
            onClick={onSelect}
          >
            {label}
          </Button>
        ))}
        <DemoBar />
      </div>
    </>
  );
}
