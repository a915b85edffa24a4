import { Printer } from "lucide-react";

import { useMessages } from "@/ui/messages";
import { Button } from "@/ui/button";
import { useClock } from "@/ui/clock";
import { dayOf, timeOf, zoneNameOf } from "@/ui/format";
import { Notice } from "@/ui/notice";
import { PageHeader } from "@/ui/page-header";
import { ListProblem, StaleLine } from "@/ui/problem";
import { SkeletonRows } from "@/ui/skeleton";
import { UpdatedAgo } from "@/ui/updated-ago";
import { BookingRow } from "./booking-row";
import { NextDays } from "./next-days";
import { SideLists } from "./side-lists";
import styles from "./today-page.module.css";
import { useToday, type Entry, type Today } from "./use-today";
import { WeekBars } from "./week-bars";

/** The day: what is next, and what waits for somebody. */
export function TodayPage() {
  const messages = useMessages();
  const clock = useClock();
  const today = useToday();
  const { list, day, now, odd } = today;
  const noon = new Date(`${day}T12:00:00Z`);
  return (
    <>
      <PageHeader
        title={messages.today.title}
        subtitle={
          <>
            {dayOf(noon, { ...clock, timeZone: "UTC" })}
            <span className={styles.zone}>{messages.today.zone(zoneNameOf(noon, clock))}</span>
          </>
        }
      >
        <UpdatedAgo
          readAt={list.readAt}
          busy={list.isRefreshing}
          failed={list.error !== null}
          onRefresh={list.refresh}
        />
        <Button
          size="icon"
          tone="quiet"
          className={styles.print ?? ""}
          aria-label={messages.today.print}
          title={messages.today.print}
          onClick={() => print()}
        >
          <Printer size={16} aria-hidden="true" />
        </Button>
      </PageHeader>
      {list.error !== null && list.isKnown && <StaleLine error={list.error} />}
      {odd > 0 && (
        <p role="alert" className={styles.odd}>
          {messages.list.tooOld(odd)}
        </p>
      )}
      {list.isKnown && (
        <p className={styles.line} data-testid="summary">
          {summaryOf(messages, today, clock)}
        </p>
      )}
      <div className={styles.columns}>
        <section aria-labelledby="timeline" className={styles.day}>
          <h2 id="timeline" className={styles.heading}>
            {list.isKnown ? messages.today.appointments(today.today.length) : messages.today.title}
          </h2>
          <Timeline today={today} now={now} />
          {list.isKnown && <NextDays today={today} />}
        </section>
        {list.isKnown && (
          <div className={styles.side}>
            <SideLists today={today} />
            <WeekBars perDay={today.perDay} today={day} />
          </div>
        )}
      </div>
    </>
  );
}

function Timeline({ today, now }: { readonly today: Today; readonly now: number }) {
  const messages = useMessages();
  const clock = useClock();
  const { list, today: entries, cancelled } = today;
  if (list.isLoading) return <SkeletonRows rows={7} height={56} />;
  // Nothing was ever read: no number, not even a nought, would be true.
  if (list.error !== null && !list.isKnown)
    return <ListProblem what={messages.today.title} error={list.error} onRetry={list.refresh} />;
  const over = entries.filter(({ appointment }) => Date.parse(appointment.start) <= now).length;
  const next = entries[over];
  return (
    <>
      {entries.length === 0 && (
        <Notice title={messages.today.empty} text={messages.today.emptyHint} />
      )}
      <ol className={styles.list} hidden={entries.length === 0}>
        {entries.slice(0, over).map((entry) => (
          <BookingRow key={entry.appointment.id} entry={entry} now={now} />
        ))}
        <li className={styles.now} aria-label={`${messages.today.now}, ${timeOf(now, clock)}`}>
          <span className={styles.nowTime}>{timeOf(now, clock)}</span>
        </li>
        {entries.slice(over).map((entry) => (
          <BookingRow key={entry.appointment.id} entry={entry} now={now} isNext={entry === next} />
        ))}
      </ol>
      {cancelled.length > 0 && <Cancelled entries={cancelled} now={now} />}
    </>
  );
}

function Cancelled({ entries, now }: { readonly entries: readonly Entry[]; readonly now: number }) {
  const { today } = useMessages();
  return (
    <details className={styles.cancelled}>
      <summary>{today.cancelled(entries.length)}</summary>
      <ol className={styles.list}>
        {entries.map((entry) => (
          <BookingRow key={entry.appointment.id} entry={entry} now={now} />
        ))}
      </ol>
    </details>
  );
}

function summaryOf(
  messages: ReturnType<typeof useMessages>,
  { today, toConfirm, now }: Today,
  clock: ReturnType<typeof useClock>,
): string {
  const next = today.find(({ appointment }) => Date.parse(appointment.start) > now)?.appointment;
  const first = next?.contact_name?.split(" ")[0] ?? "";
  return messages.today.line(
    today.length,
    toConfirm.length,
    next === undefined ? "" : messages.today.next(timeOf(next.start, clock), first),
  );
}
