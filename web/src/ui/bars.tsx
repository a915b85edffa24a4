import { HiddenBlock } from "./live-region";
import styles from "./bars.module.css";

export interface Bar {
  readonly key: string;
  readonly label: string;
  readonly value: number;
  readonly marked?: boolean;
}

/** Numbers to look at rather than to count; read out as a table. */
export function Bars({ title, bars }: { readonly title: string; readonly bars: readonly Bar[] }) {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.title}>{title}</figcaption>
      <div className={styles.bars} aria-hidden="true">
        {bars.map(({ key, label, value, marked }) => (
          <span key={key} className={styles.column} data-marked={marked}>
            <span className={styles.value}>{value}</span>
            <span className={styles.bar} style={{ height: `${String((value / most) * 3.5)}rem` }} />
            <span className={styles.label}>{label}</span>
          </span>
        ))}
      </div>
      <HiddenBlock>
        <table>
          <caption>{title}</caption>
          <tbody>
            {bars.map(({ key, label, value }) => (
              <tr key={key}>
                <th scope="row">{label}</th>
                <td>{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </HiddenBlock>
    </figure>
  );
}
