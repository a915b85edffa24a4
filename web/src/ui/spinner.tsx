import styles from "./spinner.module.css";

/** Something is going on. Says nothing to screen readers: `aria-busy` does. */
export function Spinner() {
  return <span aria-hidden="true" className={styles.spinner} />;
}
