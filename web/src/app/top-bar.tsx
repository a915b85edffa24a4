import { useState } from "react";

import type { Person } from "@/api/people";
import { useOfflineSync } from "@/sync";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { messages } from "@/ui/messages";
import { Logo } from "./logo";
import styles from "./top-bar.module.css";

export interface TopBarProps {
  readonly orgName: string;
  readonly person: Person;
  readonly people: readonly Person[];
  readonly onSwitch: (person: Person) => void;
}

/** Which business this is, and who is signed in. */
export function TopBar({ orgName, person, people, onSwitch }: TopBarProps) {
  const { queued, unknown } = useOfflineSync();
  const [leavingFor, setLeavingFor] = useState<Person | null>(null);
  const unsent = queued.length + unknown.length;
  const change = (email: string): void => {
    const next = people.find((each) => each.email === email);
    if (next === undefined || next.email === person.email) return;
    if (unsent > 0) setLeavingFor(next);
    else onSwitch(next);
  };
  return (
    <header className={styles.bar}>
      <div className={styles.inner}>
        <span className={styles.brand}>
          <Logo />
          <span className={styles.product}>{messages.app.name}</span>
        </span>
        <span className={styles.org} data-testid="org-name">
          {orgName}
        </span>
        <label className={styles.person}>
          <span className={styles.label}>{messages.app.signedInAs}</span>
          <select
            value={person.email}
            onChange={({ target }) => change(target.value)}
            data-testid="user-switcher"
          >
            {people.map(({ email, name, role, orgName: org }) => (
              <option key={email} value={email}>
                {`${name} – ${role}, ${org}`}
              </option>
            ))}
          </select>
        </label>
      </div>
      {leavingFor !== null && (
        <ConfirmDialog
          title={messages.app.switchTitle}
          text={messages.app.switchText(unsent)}
          confirmLabel={messages.app.switchConfirm}
          cancelLabel={messages.app.switchCancel}
          onConfirm={() => onSwitch(leavingFor)}
          onClose={() => setLeavingFor(null)}
        />
      )}
    </header>
  );
}
