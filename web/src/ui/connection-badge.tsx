import { useConnection } from "@/sync";
import { messages } from "./messages";
import styles from "./connection-badge.module.css";

/** Whether the screen is live. */
export function ConnectionBadge() {
  const state = useConnection();
  return (
    <span className={styles.badge} data-testid="connection" data-connection={state}>
      <span aria-hidden="true" className={styles.dot} />
      {messages.connection[state]}
    </span>
  );
}
