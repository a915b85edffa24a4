import { useMessages } from "@/ui/messages";
import { useWho } from "../who";
import styles from "./demo-bar.module.css";

/** Only where the people are made up: who one tries the dashboard as. */
export function DemoBar({ className = "" }: { readonly className?: string | undefined }) {
  const { app, menu } = useMessages();
  const { signIn, person, people, switchTo } = useWho();
  if (signIn.kind !== "demo" || people.length < 2) return null;
  return (
    <label className={`${styles.demo ?? ""} ${className}`}>
      <span className={styles.label}>
        <strong>{app.demo}</strong> · {app.demoAs}
      </span>
      <select
        className={styles.select}
        value={person.email}
        data-testid="user-switcher"
        onChange={({ target }) => {
          const next = people.find(({ email }) => email === target.value);
          if (next !== undefined && next.email !== person.email) switchTo(next);
        }}
      >
        {people.map(({ email, name, role, orgName }) => (
          <option key={email} value={email}>
            {`${name} – ${menu.roles[role] ?? role}, ${orgName}`}
          </option>
        ))}
      </select>
    </label>
  );
}
