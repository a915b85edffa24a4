import { useColleagues } from "@/data/colleagues";
import { Avatar } from "@/ui/avatar";
import { useMessages } from "@/ui/messages";
import page from "@/ui/page.module.css";
import { Section } from "./section";
import styles from "./settings-page.module.css";

/** Who can sign in at the business, and as what. */
export function PeopleList() {
  const { settings, settingFields: words, menu } = useMessages();
  return (
    <Section id="people" title={settings.people}>
      <ul>
        {useColleagues().map(({ name, email, role, isMe }) => (
          <li key={email} className={styles.line}>
            <Avatar name={name} />
            <span className={styles.person}>
              <span>
                {name}
                {isMe && <span className={page.muted}> ({words.you})</span>}
              </span>
              <span className={page.muted}>{email}</span>
            </span>
            <span className={page.muted}>{menu.roles[role] ?? role}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
