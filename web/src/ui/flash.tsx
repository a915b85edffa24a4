import styles from "./flash.module.css";
import { useFlash } from "./use-flash";

/** "Updated by Kenji", for some seconds after somebody else has changed the row. */
export function Flash({ table, id }: { readonly table: string; readonly id: string }) {
  const text = useFlash(table, id);
  return text === null ? null : (
    <span className={styles.flash} data-testid="flash">
      {text}
    </span>
  );
}
