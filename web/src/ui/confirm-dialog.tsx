import { useId, useLayoutEffect, useRef } from "react";

import { Button } from "./button";
import styles from "./confirm-dialog.module.css";

export interface ConfirmDialogProps {
  readonly title: string;
  readonly text?: string | undefined;
  readonly confirmLabel: string;
  readonly cancelLabel: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before something is done. Shown as long as it is rendered; Escape and the backdrop cancel. */
export function ConfirmDialog({
  title,
  text,
  confirmLabel,
  cancelLabel,
  onConfirm,
  onClose,
}: ConfirmDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  // A layout effect: it is closed before it is removed, so that the focus goes back to where it was.
  useLayoutEffect(() => {
    const shown = dialog.current;
    if (shown?.open === false) shown.showModal();
    return () => shown?.close();
  }, []);
  const confirm = (): void => {
    onClose();
    onConfirm();
  };
  return (
    // The browser itself turns Escape into `cancel`; a click on the dialog itself is one on its backdrop.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-labelledby={`${id}-title`}
      aria-describedby={text === undefined ? undefined : `${id}-text`}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className={styles.body}>
        <h2 id={`${id}-title`} className={styles.title}>
          {title}
        </h2>
        {text !== undefined && <p id={`${id}-text`}>{text}</p>}
        <div className={styles.actions}>
          <Button onClick={onClose}>{cancelLabel}</Button>
          <Button tone="primary" onClick={confirm} data-testid="dialog-confirm">
            {confirmLabel}
          </Button>
        </div>
      </div>
    </dialog>
  );
}
