import { useId, type ReactNode } from "react";

import { Button } from "./button";
import styles from "./form-dialog.module.css";
import { Dialog } from "./dialog";
import { useMessages } from "./messages";

export interface FormDialogProps {
  readonly title: string;
  readonly submitLabel: string;
  /** On its way: a second press of the button is none. */
  readonly busy?: boolean | undefined;
  readonly disabled?: boolean | undefined;
  /** Why it was refused, and what can be done about it. */
  readonly note?: ReactNode;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A few fields over the page. Enter sends them, Escape gives them up. */
export function FormDialog(props: FormDialogProps) {
  const { title, submitLabel, busy = false, disabled = false, note, onSubmit, onClose } = props;
  const { button } = useMessages();
  const id = useId();
  return (
    <Dialog className={styles.dialog} labelledBy={id} onClose={onClose}>
      <form
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy && !disabled) onSubmit();
        }}
      >
        <h2 id={id} className={styles.title}>
          {title}
        </h2>
        <div className={styles.fields}>{props.children}</div>
        {note !== null && note !== undefined && (
          <div role="alert" className={styles.note}>
            {note}
          </div>
        )}
        <div className={styles.actions}>
          <Button onClick={onClose}>{button.cancel}</Button>
          <Button type="submit" tone="primary" disabled={disabled} aria-busy={busy}>
            {submitLabel}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
