import { useId, type ReactNode } from "react";

import { Button } from "./button";
import styles from "./confirm-dialog.module.css";
import { Dialog } from "./dialog";

export interface ConfirmDialogProps {
  readonly title: string;
  readonly text?: string | undefined;
  readonly children?: ReactNode;
  readonly confirmLabel: ReactNode;
  readonly cancelLabel: string;
  readonly isDestructive?: boolean | undefined;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before something is done. Shown as long as it is rendered; Escape and the backdrop cancel. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, text, confirmLabel, cancelLabel, onConfirm, onClose } = props;
  const id = useId();
  const confirm = (): void => {
    onClose();
    onConfirm();
  };
  return (
    <Dialog
      className={styles.dialog}
      labelledBy={`${id}-title`}
      describedBy={text === undefined ? undefined : `${id}-text`}
      onClose={onClose}
    >
      <div className={styles.body}>
        <h2 id={`${id}-title`} className={styles.title}>
          {title}
        </h2>
        {text !== undefined && (
          <p id={`${id}-text`} className={styles.text}>
            {text}
          </p>
        )}
        {props.children}
        <div className={styles.actions}>
          <Button onClick={onClose}>{cancelLabel}</Button>
          <Button
            tone={props.isDestructive === true ? "danger" : "primary"}
            onClick={confirm}
            data-testid="dialog-confirm"
          >
            {confirmLabel}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
