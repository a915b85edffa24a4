import { useMemo, useState } from "react";

import { ApiError } from "@/api/errors";
import { ConnectionBadge } from "@/ui/connection-badge";
import { dayOf, zoneNameOf } from "@/ui/format";
import { Freshness } from "@/ui/freshness";
import { messages, sentenceOf } from "@/ui/messages";
import { Notice } from "@/ui/notice";
import { isToConfirm, type AgendaDay } from "./agenda";
import { DaySection } from "./day-section";
import { Filter, type Shown } from "./filter";
import { LoadingRows } from "./loading-rows";
import { Summary } from "./summary";
import styles from "./today-page.module.css";
import { useAppointments, type Appointments } from "./use-appointments";

export interface TodayPageProps {
  readonly timeZone: string;
}

/** The appointments of the next days, live, with what there is to confirm. */
export function TodayPage({ timeZone }: TodayPageProps) {
  const appointments = useAppointments(timeZone);
  const { today, days, readAt, isLoading, isRefreshing, error, refresh } = appointments;
  const [shown, setShown] = useState<Shown>("all");
  const visible = useMemo(() => (shown === "all" ? days : daysToConfirm(days)), [days, shown]);
  // Then there is nothing to sum up or to choose from.
  const isUnknown = error !== null && days.length === 0;
  const noon = new Date(`${today}T12:00:00Z`);
  return (
    <>
      <header className={styles.header}>
        <div>
          <h1 className={styles.title}>{messages.today.title}</h1>
          <p className={styles.date}>
            {dayOf(noon, "UTC")}
            <span className={styles.zone}>{messages.today.zone(zoneNameOf(noon, timeZone))}</span>
          </p>
        </div>
        <div className={styles.tools}>
          <ConnectionBadge />
          <Freshness readAt={readAt} busy={isRefreshing} onRefresh={refresh} />
        </div>
      </header>
      {error !== null && days.length > 0 && (
        <p role="alert" className={styles.stale}>
          {messages.today.failedButShown} {reasonOf(error)}
        </p>
      )}
      {!isUnknown && (
        <>
          <Summary days={isLoading ? null : days} today={today} timeZone={timeZone} />
          <div className={styles.bar}>
            <Filter shown={shown} onChange={setShown} />
            <p className={styles.range}>{messages.today.range}</p>
          </div>
        </>
      )}
      {visible.length === 0 ? (
        <Nothing appointments={appointments} shown={shown} />
      ) : (
        visible.map((day) => (
          <DaySection key={day.day} day={day} today={today} timeZone={timeZone} />
        ))
      )}
    </>
  );
}

/** Why there is no list: it comes, it failed, or there is nothing. */
function Nothing({
  appointments,
  shown,
}: {
  readonly appointments: Appointments;
  readonly shown: Shown;
}) {
  const { days, isLoading, error, refresh } = appointments;
  const { today } = messages;
  if (isLoading) return <LoadingRows />;
  if (error !== null && days.length === 0) {
    return (
      <Notice
        title={today.failed}
        text={reasonOf(error)}
        role="alert"
        actionLabel={today.retry}
        onAction={refresh}
      />
    );
  }
  const filtered = shown === "to-confirm" && days.length > 0;
  return filtered ? (
    <Notice title={today.allConfirmed} text={today.allConfirmedHint} />
  ) : (
    <Notice title={today.empty} text={today.emptyHint} />
  );
}

function daysToConfirm(days: readonly AgendaDay[]): AgendaDay[] {
  return days
    .map(({ day, entries }) => ({ day, entries: entries.filter(isToConfirm) }))
    .filter(({ entries }) => entries.length > 0);
}

function reasonOf(error: Error): string {
  return error instanceof ApiError ? sentenceOf(error.reason) : messages.someError;
}
