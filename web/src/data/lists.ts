/** The lists that several pages show. */

import { OPEN_CALL_STATUSES } from "@/api/calls";
import { readList } from "@/api/lists";
import type { ListSource } from "./use-list";

const ALL = (): boolean => true;

export const LEADS: ListSource = {
  table: "leads",
  name: "all",
  read: (http, signal) => readList(http, "/api/leads", "leads", signal),
  covers: ALL,
};

export const CONTACTS: ListSource = {
  table: "contacts",
  name: "all",
  read: (http, signal) => readList(http, "/api/contacts", "contacts", signal),
  covers: ALL,
};

/** The call-backs that somebody still has to make. */
export const OPEN_CALLS: ListSource = {
  table: "calls",
  name: "open",
  read: async (http, signal) => {
    const found = OPEN_CALL_STATUSES.map((status) =>
      readList(http, "/api/calls", "calls", signal, { status }),
    );
    return (await Promise.all(found)).flat();
  },
  covers: ({ status }) => OPEN_CALL_STATUSES.some((each) => each === status),
};

export interface Range {
  readonly from: Date;
  readonly to: Date;
}

/** Whether a stored row starts within the range. */
export function startsWithin(start: unknown, { from, to }: Range): boolean {
  const at = typeof start === "string" ? Date.parse(start) : Number.NaN;
  return at >= from.getTime() && at < to.getTime();
}

/** The appointments that start from `from` to before `to`. */
export function appointmentsIn(range: Range): ListSource {
  const query = { from: range.from.toISOString(), to: range.to.toISOString() };
  return {
    table: "appointments",
    name: `${query.from}/${query.to}`,
    read: (http, signal) => readList(http, "/api/appointments", "appointments", signal, query),
    covers: ({ start }) => startsWithin(start, range),
  };
}
