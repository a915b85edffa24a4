/** Tables in a frame of the socket: like events, whose common part is said once (docs/api/asyncapi.yaml, Frames). */

interface Table {
  readonly event: object;
  readonly columns: readonly (readonly (readonly string[])[])[];
  readonly absent: string;
  readonly repeated: string;
  readonly rows: readonly (readonly unknown[])[];
}

function isTable(item: unknown): item is Table {
  if (typeof item !== "object" || item === null) return false;
  const { event, columns, rows } = item as Partial<Record<keyof Table, unknown>>;
  const whole = typeof event === "object" && event !== null;
  return whole && Array.isArray(columns) && Array.isArray(rows) && rows.every(Array.isArray);
}

/** The events of one item of a frame, in order: the item itself, or one for each row of a table. */
export function eventsOf(item: unknown): readonly unknown[] {
  if (!isTable(item)) return [item];
  let values: readonly unknown[] = [];
  return item.rows.map((row) => {
    const before = values;
    values = row.map((value, at) => (value === item.repeated ? before[at] : value));
    return eventOf(item, values);
  });
}

function eventOf(table: Table, values: readonly unknown[]): unknown {
  const event = structuredClone(table.event);
  table.columns.forEach((paths, at) => {
    if (values[at] === table.absent) return;
    for (const path of paths) put(event, path, values[at]);
  });
  return event;
}

function put(event: object, path: readonly string[], value: unknown): void {
  const outer = path.slice(0, -1);
  const inner = outer.reduce<unknown>(
    (at, name) => (at as Record<string, unknown> | undefined)?.[name],
    event,
  );
  const name = path.at(-1);
  if (typeof inner === "object" && inner !== null && name !== undefined)
    (inner as Record<string, unknown>)[name] = value;
}
