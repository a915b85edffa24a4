import { HiddenBlock } from "./live-region";
import styles from "./stacked-bars.module.css";

/** What the parts of a column are: each with one of the house's hues. */
export interface Part {
  readonly key: string;
  readonly label: string;
  readonly tone: "blue" | "yellow" | "green" | "purple" | "orange" | "teal" | "red" | "gray";
}

export interface StackedBarsProps {
  readonly title: string;
  readonly parts: readonly Part[];
  readonly columns: readonly {
    readonly key: string;
    readonly label: string;
    /** By the key of the part. */
    readonly values: Readonly<Record<string, number | undefined>>;
  }[];
}

const HEIGHT = 72;
const WIDTH = 40;
const GAP = 8;

/** Columns of several parts, to look at rather than to count; read out as a table. */
export function StackedBars({ title, parts, columns }: StackedBarsProps) {
  const sumOf = (values: Readonly<Record<string, number | undefined>>): number =>
    parts.reduce((sum, { key }) => sum + (values[key] ?? 0), 0);
  const most = Math.max(1, ...columns.map(({ values }) => sumOf(values)));
  const used = parts.filter(({ key }) => columns.some(({ values }) => (values[key] ?? 0) > 0));
  return (
    <figure className={styles.figure}>
      <svg
        className={styles.chart}
        viewBox={`0 0 ${String(columns.length * (WIDTH + GAP))} ${String(HEIGHT + 32)}`}
        style={{ width: `${String((columns.length * (WIDTH + GAP)) / 16)}rem` }}
        aria-hidden="true"
      >
        {columns.map(({ key, label, values }, at) => (
          <g key={key} transform={`translate(${String(at * (WIDTH + GAP))} 0)`}>
            <Column parts={parts} values={values} unit={HEIGHT / most} />
            <text
              className={styles.number}
              x={WIDTH / 2}
              y={12 + HEIGHT - (sumOf(values) * HEIGHT) / most - 3}
            >
              {sumOf(values)}
            </text>
            <text className={styles.label} x={WIDTH / 2} y={HEIGHT + 27}>
              {label}
            </text>
          </g>
        ))}
      </svg>
      <ul className={styles.legend} aria-hidden="true">
        {used.map(({ key, label, tone }) => (
          <li key={key}>
            <span className={styles.dot} data-tone={tone} />
            {label}
          </li>
        ))}
      </ul>
      <HiddenBlock>
        <table>
          <caption>{title}</caption>
          <thead>
            <tr>
              <td />
              {used.map(({ key, label }) => (
                <th key={key} scope="col">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {columns.map(({ key, label, values }) => (
              <tr key={key}>
                <th scope="row">{label}</th>
                {used.map((part) => (
                  <td key={part.key}>{values[part.key] ?? 0}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </HiddenBlock>
    </figure>
  );
}

interface ColumnProps extends Pick<StackedBarsProps, "parts"> {
  readonly values: Readonly<Record<string, number | undefined>>;
  /** How high one is. */
  readonly unit: number;
}

/** The parts of one column, the first at its foot. */
function Column({ parts, values, unit }: ColumnProps) {
  const boxes = parts.map(({ key, tone }, at) => {
    const below = parts.slice(0, at).reduce((sum, part) => sum + (values[part.key] ?? 0), 0);
    return { key, tone, height: (values[key] ?? 0) * unit, foot: 12 + HEIGHT - below * unit };
  });
  return boxes
    .filter(({ height }) => height > 0)
    .map(({ key, tone, height, foot }) => (
      <rect
        key={key}
        className={styles.part}
        data-tone={tone}
        width={WIDTH}
        height={height}
        y={foot - height}
      />
    ));
}
