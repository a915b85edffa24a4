import { useMemo } from "react";

import { toAppointment, type Appointment } from "@/api/appointments";
import { isOpenCall, toCall, type Call } from "@/api/calls";
import type { Conversation } from "@/api/threads";
import { dayAt, daysAfter, startOf } from "@/data/days";
import { appointmentsIn, OPEN_CALLS, startsWithin, type Range } from "@/data/lists";
import { useList, type List } from "@/data/use-list";
import type { RowView } from "@/sync";
import { useClock } from "@/ui/clock";
import { useNow } from "@/ui/use-now";
import { useUnanswered } from "@/data/use-unanswered";

const DAYS = 7;
const NEXT_DAYS = 2;

/** An appointment and whether what is shown of it is confirmed by the server. */
export interface Entry {
  readonly appointment: Appointment;
  /** A button was pressed and the server has not answered yet. */
  readonly tentative: boolean;
}

export interface Today {
  readonly list: List;
  readonly day: string;
  readonly now: number;
  /** What takes place today, in order, and apart from it what was cancelled. */
  readonly today: readonly Entry[];
  readonly cancelled: readonly Entry[];
  /** Of the next seven days, what somebody has to decide about. */
  readonly toConfirm: readonly Entry[];
  /** The next days on which somebody comes, today left out. */
  readonly next: readonly { readonly day: string; readonly entries: readonly Entry[] }[];
  readonly perDay: readonly { readonly day: string; readonly count: number }[];
  /** Null until they were read: no number would be true. */
  readonly calls: readonly Call[] | null;
  /** The one who waits longest first. */
  readonly unanswered: readonly Conversation[];
  /** Rows that this release cannot show. */
  readonly odd: number;
}

/** The day of the business: its appointments, and what waits for somebody. */
export function useToday(): Today {
  const { timeZone } = useClock();
  const now = useNow(30_000);
  // The page may stay open over midnight.
  const day = dayAt(now, timeZone);
  const range = useMemo(() => rangeOf(day, timeZone), [day, timeZone]);
  const source = useMemo(() => appointmentsIn(range), [range]);
  const list = useList(source);
  const { entries, odd } = useMemo(() => {
    const views = list.views.filter(({ row }) => startsWithin(row.start, range));
    const known = views.flatMap(({ row, tentative }): Entry[] => {
      const appointment = toAppointment(row);
      return appointment === null ? [] : [{ appointment, tentative }];
    });
    const unreadable = list.views.filter(
      ({ row }) => !Number.isFinite(Date.parse(String(row.start))),
    );
    return { entries: known.sort(inOrder), odd: views.length - known.length + unreadable.length };
  }, [list.views, range]);
  const { views: calls, isKnown: areCallsKnown } = useList(OPEN_CALLS);
  const { waiting } = useUnanswered();
  return useMemo(() => {
    const isOf = (each: string) => (entry: Entry) =>
      dayAt(Date.parse(entry.appointment.start), timeZone) === each;
    const ofToday = entries.filter(isOf(day));
    return {
      list,
      day,
      now,
      today: ofToday.filter(takesPlace),
      cancelled: ofToday.filter((entry) => !takesPlace(entry)),
      toConfirm: entries.filter(
        (entry) => isToConfirm(entry) && Date.parse(entry.appointment.end) > now - 3_600_000,
      ),
      next: Array.from({ length: DAYS - 1 }, (_, index) => daysAfter(day, index + 1))
        .map((each) => ({ day: each, entries: entries.filter(isOf(each)).filter(takesPlace) }))
        .filter((each) => each.entries.length > 0)
        .slice(0, NEXT_DAYS),
      perDay: Array.from({ length: DAYS }, (_, index) => daysAfter(day, index)).map((each) => ({
        day: each,
        count: entries.filter(isOf(each)).filter(takesPlace).length,
      })),
      calls: areCallsKnown ? openOf(calls) : null,
      unanswered: waiting,
      odd,
    };
  }, [list, entries, day, now, timeZone, calls, areCallsKnown, waiting, odd]);
}

function rangeOf(today: string, timeZone: string): Range {
  return { from: startOf(today, timeZone), to: startOf(daysAfter(today, DAYS), timeZone) };
}

function inOrder({ appointment: a }: Entry, { appointment: b }: Entry): number {
  return Date.parse(a.start) - Date.parse(b.start) || a.id.localeCompare(b.id);
}

/** Somebody has to decide about it: also while the answer is on its way. */
export function isToConfirm({ appointment, tentative }: Entry): boolean {
  return appointment.status === "pending" || (tentative && appointment.status === "confirmed");
}

/** The calls that are still to be made, the one that is due first. */
function openOf(views: readonly RowView[]): readonly Call[] {
  return views
    .flatMap(({ row }) => toCall(row) ?? [])
    .filter(isOpenCall)
    .sort((a, b) => dueOf(a).localeCompare(dueOf(b)));
}

/** When somebody has to be called; asked for earlier, called earlier. */
function dueOf({ scheduled_for: due, created_at: asked }: Call): string {
  return due ?? asked ?? "";
}

function takesPlace({ appointment: { status } }: Entry): boolean {
  return status !== "cancelled";
}
