import { ChevronLeft, ChevronRight, Plus } from "lucide-react";
import { useMemo, useState } from "react";
import { useSearchParams } from "wouter";

import { weekdayOf } from "@/api/hours";
import type { Me } from "@/api/me";
import { dayAt, daysAfter } from "@/data/days";
import { useMe } from "@/data/me";
import { minutesOf, wallTime } from "@/data/wall-time";
import { NewBooking } from "@/parts/new-booking";
import type { SlotDraft } from "@/parts/slot-fields";
import { Button } from "@/ui/button";
import { useClock } from "@/ui/clock";
import { dayOf, shortDayOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import { PageHeader } from "@/ui/page-header";
import { ListProblem, StaleLine } from "@/ui/problem";
import { SkeletonRows } from "@/ui/skeleton";
import { UpdatedAgo } from "@/ui/updated-ago";
import { useNow } from "@/ui/use-now";
import styles from "./calendar-page.module.css";
import { Grid, type GridColumn } from "./grid";
import { useCalendar, type Item } from "./use-calendar";

const WEEK = 7;

/** A day with its bays beside each other, or a week. */
export default function CalendarPage() {
  const messages = useMessages();
  const clock = useClock();
  const now = useNow(30_000);
  const [search, setSearch] = useSearchParams();
  const today = dayAt(now, clock.timeZone);
  const view = search.get("view") === "week" ? "week" : "day";
  const day = /^\d{4}-\d\d-\d\d$/.test(search.get("date") ?? "")
    ? (search.get("date") ?? today)
    : today;
  const first = view === "day" ? day : mondayOf(day);
  const days = view === "day" ? 1 : WEEK;
  const { list, items } = useCalendar(first, days, clock.timeZone);
  const set = (name: string, value: string): void =>
    setSearch((known) => {
      const next = new URLSearchParams(known);
      next.set(name, value);
      return next;
    });
  const { org } = useMe();
  const columns = useMemo(
    () =>
      view === "day"
        ? baysOf(first, items, org, messages.calendar.unassigned)
        : weekOf(first, items, org, clock),
    [view, first, items, org, messages, clock],
  );
  const [booking, setBooking] = useState<SlotDraft | null>(null);
  const noon = `${first}T12:00:00Z`;
  const utc = { ...clock, timeZone: "UTC" };
  const title =
    view === "day"
      ? dayOf(noon, utc)
      : `${shortDayOf(noon, utc)} – ${shortDayOf(`${daysAfter(first, 6)}T12:00:00Z`, utc)}`;
  const nowAt = wallTime(now, clock.timeZone);
  return (
    <div className={styles.page}>
      <PageHeader title={messages.calendar.title} subtitle={title}>
        <UpdatedAgo
          readAt={list.readAt}
          busy={list.isRefreshing}
          failed={list.error !== null}
          onRefresh={list.refresh}
        />
        <Button
          size="small"
          tone="primary"
          onClick={() => setBooking({ day, time: "", resource: "" })}
        >
          <Plus size={14} aria-hidden="true" />
          {messages.book.label}
        </Button>
        <Button size="small" onClick={() => set("date", today)}>
          {messages.calendar.today}
        </Button>
        <Button
          size="icon"
          tone="quiet"
          aria-label={messages.calendar.previous}
          onClick={() => set("date", daysAfter(first, -days))}
        >
          <ChevronLeft size={16} aria-hidden="true" />
        </Button>
        <Button
          size="icon"
          tone="quiet"
          aria-label={messages.calendar.next}
          onClick={() => set("date", daysAfter(first, days))}
        >
          <ChevronRight size={16} aria-hidden="true" />
        </Button>
        <span role="group" aria-label={messages.calendar.title} className={styles.views}>
          {(["day", "week"] as const).map((each) => (
            <Button
              key={each}
              size="small"
              tone={each === view ? "secondary" : "quiet"}
              aria-pressed={each === view}
              onClick={() => set("view", each)}
            >
              {messages.calendar[each]}
            </Button>
          ))}
        </span>
      </PageHeader>
      {list.error !== null && list.isKnown && <StaleLine error={list.error} />}
      {list.isLoading && <SkeletonRows rows={10} height={56} />}
      {list.error !== null && !list.isKnown && (
        <ListProblem what={messages.calendar.title} error={list.error} onRetry={list.refresh} />
      )}
      {list.isKnown && <Grid columns={columns} now={nowAt} onBook={setBooking} />}
      {booking !== null && <NewBooking slot={booking} onClose={() => setBooking(null)} />}
    </div>
  );
}

function mondayOf(day: string): string {
  const weekday = new Date(`${day}T12:00:00Z`).getUTCDay();
  return daysAfter(day, -((weekday + 6) % WEEK));
}

function baysOf(
  day: string,
  items: readonly Item[],
  { resources, ...org }: Me["org"],
  unassigned: string,
): GridColumn[] {
  const known = resources.map(({ id }) => id);
  // What is in no bay, or in one that is no more, is shown all the same.
  const others = items.map(({ resource }) => resource ?? "").filter((id) => !known.includes(id));
  const bays = [...known, ...new Set(others)];
  if (bays.length === 0) bays.push("");
  return bays.map((bay) => ({
    key: bay,
    title: bay === "" ? unassigned : (resources.find(({ id }) => id === bay)?.name ?? bay),
    day,
    resource: bay === "" ? null : bay,
    open: openOn(day, org),
    items: items.filter(({ resource }) => (resource ?? "") === bay),
  }));
}

function weekOf(
  first: string,
  items: readonly Item[],
  org: Me["org"],
  clock: Parameters<typeof shortDayOf>[1],
): GridColumn[] {
  return Array.from({ length: WEEK }, (_, index) => daysAfter(first, index)).map((day) => ({
    key: day,
    title: shortDayOf(`${day}T12:00:00Z`, { ...clock, timeZone: "UTC" }),
    day,
    resource: undefined,
    open: openOn(day, org),
    items: items.filter((item) => item.day === day),
  }));
}

/** When the business is open that day, in minutes since midnight by its clock. */
function openOn(
  day: string,
  { hours, daysOff }: Pick<Me["org"], "hours" | "daysOff">,
): GridColumn["open"] {
  if (daysOff.includes(day)) return [];
  return hours[weekdayOf(day)].map(([from, to]) => ({
    from: minutesOf(from) ?? 0,
    to: minutesOf(to) ?? 24 * 60,
  }));
}
