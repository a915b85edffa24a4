import { messages } from "@/ui/messages";
import styles from "./filter.module.css";

export type Shown = "all" | "to-confirm";

export interface FilterProps {
  readonly shown: Shown;
  readonly onChange: (shown: Shown) => void;
}

const CHOICES: readonly { readonly value: Shown; readonly label: string }[] = [
  { value: "all", label: messages.today.all },
  { value: "to-confirm", label: messages.today.toConfirm },
];

/** Which appointments to show. */
export function Filter({ shown, onChange }: FilterProps) {
  return (
    <fieldset className={styles.filter}>
      <legend className={styles.legend}>{messages.today.filter}</legend>
      {CHOICES.map(({ value, label }) => (
        <label key={value} className={styles.choice}>
          <input
            type="radio"
            name="shown"
            checked={shown === value}
            onChange={() => onChange(value)}
          />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}
