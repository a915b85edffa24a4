import { Hidden } from "./live-region";
import { useMessages } from "./messages";
import styles from "./skeleton.module.css";

/** The shape of a list until it is there: as many rows, of the height that rows have. */
export function SkeletonRows({
  rows = 8,
  height = 48,
}: {
  readonly rows?: number;
  readonly height?: number;
}) {
  const messages = useMessages();
  return (
    <div data-testid="loading">
      <Hidden>{messages.app.loading}</Hidden>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={styles.row} style={{ height }} aria-hidden="true">
          <span className={styles.bar} style={{ width: 64 }} />
          <span className={styles.bar} style={{ width: `${String(28 + ((row * 17) % 30))}%` }} />
          <span className={styles.bar} style={{ width: 84, marginInlineStart: "auto" }} />
        </div>
      ))}
    </div>
  );
}
