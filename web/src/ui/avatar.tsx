import styles from "./avatar.module.css";
import { initialsOf } from "./format";

/** Somebody's initials. Decoration: the name stands beside it. */
export function Avatar({ name, size = 28 }: { readonly name: string; readonly size?: number }) {
  const hue = Array.from(name).reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 6, 7);
  return (
    <span
      aria-hidden="true"
      className={styles.avatar}
      data-hue={hue}
      style={{ width: size, height: size, fontSize: size * 0.4 }}
    >
      {initialsOf(name)}
    </span>
  );
}
