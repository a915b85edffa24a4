import { Button } from "./button";
import styles from "./notice.module.css";

export interface NoticeProps {
  readonly title: string;
  readonly text?: string | undefined;
  readonly role?: "alert" | undefined;
  readonly actionLabel?: string | undefined;
  readonly onAction?: (() => void) | undefined;
}

/** Stands where a list would: nothing there, or something wrong. */
export function Notice({ title, text, role, actionLabel, onAction }: NoticeProps) {
  return (
    <div className={styles.notice} role={role} data-testid="notice">
      <p className={styles.title}>{title}</p>
      {text !== undefined && <p className={styles.text}>{text}</p>}
      {actionLabel !== undefined && (
        <Button className={styles.action} onClick={onAction}>
          {actionLabel}
        </Button>
      )}
    </div>
  );
}
