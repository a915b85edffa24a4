import { useState } from "react";

import type { Appointment } from "@/api/appointments";
import { clockText, instantOf, minutesOf, wallTime } from "@/data/wall-time";
import { isRecord, useSyncMutation, type SyncError } from "@/sync";
import { Button } from "@/ui/button";
import { useClock } from "@/ui/clock";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { momentOf, timeOf } from "@/ui/format";
import { announce } from "@/ui/live-region";
import { sentenceOf, useMessages } from "@/ui/messages";
import page from "@/ui/page.module.css";
import styles from "./move-button.module.css";

export interface Move {
  readonly appointmentId: string;
  readonly start: string;
  readonly resource?: string;
}

/** Moves a booking; the times of what was taken meanwhile come back as alternatives. */
export function useMove({ id, start, end }: Appointment) {
  const { calendar } = useMessages();
  const length = Date.parse(end) - Date.parse(start);
  return useSyncMutation<Move>("/api/bookings/reschedule", {
    scope: `appointments/${id}`,
    concurrency: "latest",
    priority: "HIGH",
    eventTable: "appointments",
    optimistic: ({ start: to, resource }) => ({
      table: "appointments",
      id,
      fields: {
        start: to,
        end: new Date(Date.parse(to) + length).toISOString(),
        ...(resource === undefined ? {} : { resource }),
      },
    }),
    onSuccess: () => announce(calendar.moved),
  });
}

/** Asks for another day and time, and shows from when to when before anything is sent. */
export function MoveButton({ booking }: { readonly booking: Appointment }) {
  const { calendar, button, ...messages } = useMessages();
  const clock = useClock();
  const [open, setOpen] = useState(false);
  const at = wallTime(booking.start, clock.timeZone);
  const [day, setDay] = useState(at.day);
  const [time, setTime] = useState(clockText(at.minutes));
  const move = useMove(booking);
  const to = instantOf(day, minutesOf(time) ?? at.minutes, clock.timeZone);
  const isSame = Number.isNaN(to.getTime()) || to.getTime() === Date.parse(booking.start);
  const alternatives = alternativesOf(move.error);
  return (
    <span className={styles.holder}>
      <Button size="small" aria-busy={move.isPending} onClick={() => setOpen(true)}>
        {calendar.move}
      </Button>
      {move.error !== null && (
        <span className={styles.refused}>
          {sentenceOf({ ...messages, calendar, button }, move.error)}
          {alternatives.length > 0 && <span> {calendar.free}: </span>}
          {alternatives.map((start) => (
            <Button
              key={start}
              size="small"
              onClick={() => move.mutate({ appointmentId: booking.id, start })}
            >
              {timeOf(start, clock)}
            </Button>
          ))}
        </span>
      )}
      {open && (
        <ConfirmDialog
          title={calendar.moveTitle}
          text={
            isSame
              ? undefined
              : calendar.moveText(momentOf(booking.start, clock), momentOf(to, clock))
          }
          confirmLabel={calendar.move}
          cancelLabel={button.cancel}
          onConfirm={() => {
            if (!isSame) move.mutate({ appointmentId: booking.id, start: to.toISOString() });
          }}
          onClose={() => setOpen(false)}
        >
          <div className={styles.fields}>
            <label className={page.field}>
              {calendar.date}
              <input
                className={page.input}
                type="date"
                value={day}
                onChange={({ target }) => setDay(target.value)}
              />
            </label>
            <label className={page.field}>
              {calendar.time}
              <input
                className={page.input}
                type="time"
                step={900}
                value={time}
                onChange={({ target }) => setTime(target.value)}
              />
            </label>
          </div>
        </ConfirmDialog>
      )}
    </span>
  );
}

/** The starts of the free slots that came with a refusal. */
export function alternativesOf(error: SyncError | null): readonly string[] {
  const slots: unknown = error?.code === "SLOT_TAKEN" ? error.body?.alternatives : undefined;
  if (!Array.isArray(slots)) return [];
  return slots.flatMap((slot: unknown) =>
    isRecord(slot) && typeof slot.start === "string" ? [slot.start] : [],
  );
}
