import { useId, type ReactNode } from "react";

import styles from "./field.module.css";
import { useMessages } from "./messages";

export interface FieldProps {
  readonly label: string;
  readonly optional?: boolean | undefined;
  /** What is wrong with what is in it. */
  readonly error?: string | null | undefined;
  /** Takes the whole width of its form. */
  readonly wide?: boolean | undefined;
  /** The field itself, with the ids that tie it to what is said of it. */
  readonly children: (ids: {
    readonly id: string;
    readonly "aria-invalid": boolean;
    readonly "aria-describedby": string | undefined;
  }) => ReactNode;
}

/** A field with its name above and, where something is wrong with it, the reason below. */
export function Field({ label, optional = false, error, wide = false, children }: FieldProps) {
  const { form } = useMessages();
  const id = useId();
  const isWrong = error !== undefined && error !== null;
  return (
    <div className={styles.field} data-wide={wide}>
      <label htmlFor={id} className={styles.label}>
        {label}
        {optional && <span className={styles.optional}> {form.optional}</span>}
      </label>
      {children({
        id,
        "aria-invalid": isWrong,
        "aria-describedby": isWrong ? `${id}-error` : undefined,
      })}
      {isWrong && (
        <p id={`${id}-error`} className={styles.error}>
          {error}
        </p>
      )}
    </div>
  );
}
