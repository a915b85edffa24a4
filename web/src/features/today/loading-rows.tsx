import { Hidden } from "@/ui/live-region";
import { messages } from "@/ui/messages";
import styles from "./loading-rows.module.css";

const ROWS = ["78%", "62%", "70%", "55%", "66%"];

/** The shape of the list until it is there. */
export function LoadingRows() {
  return (
    <div className={styles.rows} data-testid="loading">
      <Hidden>{messages.app.loading}</Hidden>
      {ROWS.map((width) => (
        <div key={width} className={styles.row} aria-hidden="true">
          <span className={styles.bar} />
          <span className={styles.bar} style={{ width }} />
          <span className={styles.bar} />
        </div>
      ))}
    </div>
  );
}
