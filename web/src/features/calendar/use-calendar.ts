import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import * as v from "valibot";

import { toAppointment, type Appointment } from "@/api/appointments";
import { parsed, instant, text, type Schemas } from "@/api/check";
import { ApiError, bodyOf } from "@/api/errors";
import { toJob, type Job } from "@/api/jobs";
import { daysAfter, startOf } from "@/data/days";
import { appointmentsIn, startsWithin, type Range } from "@/data/lists";
import { useList, type List } from "@/data/use-list";
import { wallTime } from "@/data/wall-time";
import { isRecord, useSyncClient, type Row } from "@/sync";
import { useNow } from "@/ui/use-now";
import type { Span } from "./layout";

/** A slot that is kept for a caller for a few minutes. */
const hold = v.object({
  id: v.string(),
  start: instant,
  end: instant,
  held_until: instant,
  resource: text,
  name: text,
  service_name: text,
} satisfies Partial<Record<keyof Schemas["HoldRow"], v.GenericSchema>>);

export interface Booking extends Span {
  readonly kind: "booking";
  readonly day: string;
  readonly resource: string | null;
  readonly appointment: Appointment;
  readonly tentative: boolean;
}

export interface Hold extends Span {
  readonly kind: "hold";
  readonly day: string;
  readonly resource: string | null;
  /** Who it is kept for, once they have said so. */
  readonly name: string | null;
  readonly minutesLeft: number;
}

/** The work behind a booking that was made at Square. */
export interface Work extends Span {
  readonly kind: "job";
  readonly day: string;
  readonly resource: string | null;
  readonly job: Job;
}

export type Item = Booking | Hold | Work;

export interface Calendar {
  readonly list: List;
  readonly items: readonly Item[];
}

interface Others {
  readonly holds: readonly Row[];
  readonly jobs: readonly Row[];
}

const NONE: Others = { holds: [], jobs: [] };

function rowsOf(value: unknown): readonly Row[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** What takes place in these days, and which times are held for a caller just now. */
export function useCalendar(first: string, days: number, timeZone: string): Calendar {
  const { http } = useSyncClient();
  const now = useNow(15_000);
  const range = useMemo<Range>(
    () => ({ from: startOf(first, timeZone), to: startOf(daysAfter(first, days), timeZone) }),
    [first, days, timeZone],
  );
  const list = useList(useMemo(() => appointmentsIn(range), [range]));
  const calendar = useQuery({
    queryKey: ["calendar", range.from.toISOString(), range.to.toISOString()],
    queryFn: async ({ signal }): Promise<Others> => {
      const query = new URLSearchParams({
        from: range.from.toISOString(),
        to: range.to.toISOString(),
      });
      try {
        const body = await bodyOf(http.request(`/api/calendar?${query}`, { signal }));
        return isRecord(body) ? { holds: rowsOf(body.holds), jobs: rowsOf(body.jobs) } : NONE;
      } catch (error) {
        // A server without a calendar has neither.
        if (error instanceof ApiError && error.reason.status === 404) return NONE;
        throw error;
      }
    },
    // No socket tells of holds; they live for minutes.
    refetchInterval: 20_000,
  });
  return useMemo(() => {
    const bookings = list.views
      .filter(({ row }) => startsWithin(row.start, range))
      .flatMap(({ row, tentative }): Booking[] => {
        const appointment = toAppointment(row);
        if (appointment === null || appointment.status === "cancelled") return [];
        const { id, resource, start, end } = appointment;
        return [
          {
            kind: "booking",
            id,
            resource,
            appointment,
            tentative,
            ...spanOf(start, end, timeZone),
          },
        ];
      });
    const { data = NONE } = calendar;
    const work = data.jobs.flatMap((row): Work[] => {
      const job = toJob(row);
      if (job === null || job.workStatus === "cancelled") return [];
      const resource = typeof row.resource === "string" ? row.resource : null;
      return [{ kind: "job", id: job.id, resource, job, ...spanOf(job.start, job.end, timeZone) }];
    });
    const held = data.holds.flatMap((row): Hold[] => {
      const known = parsed(hold, row);
      const until = Date.parse(known?.held_until ?? "");
      if (known === null || !(until > now)) return [];
      const { id, resource, start, end, name } = known;
      const minutesLeft = Math.ceil((until - now) / 60_000);
      return [{ kind: "hold", id, resource, name, minutesLeft, ...spanOf(start, end, timeZone) }];
    });
    return { list, items: [...bookings, ...held, ...work] };
  }, [list, calendar, range, timeZone, now]);
}

/** By the wall clock at its own instants: right also in the weeks in which clocks change. */
function spanOf(
  start: string,
  end: string,
  timeZone: string,
): { readonly day: string; readonly from: number; readonly to: number } {
  const [a, b] = [wallTime(start, timeZone), wallTime(end, timeZone)];
  const to = b.day === a.day ? b.minutes : 24 * 60;
  return { day: a.day, from: a.minutes, to: Math.max(to, a.minutes + 15) };
}
