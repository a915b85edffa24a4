import { useState } from "react";

import type { Appointment } from "@/api/appointments";
import { clockText, wallTime } from "@/data/wall-time";
import { useClock } from "@/ui/clock";
import { FormDialog } from "@/ui/form-dialog";
import { momentOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import page from "@/ui/page.module.css";
import { SlotFields, startOfSlot, type SlotDraft } from "./slot-fields";
import { SlotRefused } from "./slot-refused";
import { useMove } from "./use-move";

export interface MoveDialogProps {
  readonly booking: Appointment;
  /** What the fields begin with. */
  readonly slot: SlotDraft;
  readonly onClose: () => void;
}

/** Moves a booking by its fields: the way of the keyboard, and of who knows the time. */
export function MoveDialog({ booking, slot: first, onClose }: MoveDialogProps) {
  const { calendar, form } = useMessages();
  const clock = useClock();
  const [slot, setSlot] = useState(first);
  const move = useMove(booking, onClose);
  const to = startOfSlot(slot, clock.timeZone);
  const isOther = slot.resource !== "" && slot.resource !== booking.resource;
  const isSame = to === null || (to.getTime() === Date.parse(booking.start) && !isOther);
  const send = (): void => {
    if (to === null || isSame) return;
    move.mutate({
      appointmentId: booking.id,
      start: to.toISOString(),
      ...(isOther ? { resource: slot.resource } : {}),
    });
  };
  return (
    <FormDialog
      title={calendar.moveTitle}
      submitLabel={calendar.move}
      disabled={isSame}
      busy={move.isPending}
      note={
        move.isQueued ? (
          form.waits
        ) : move.error === null ? null : (
          <SlotRefused
            error={move.error}
            onChoose={(start) => {
              const { day, minutes } = wallTime(start, clock.timeZone);
              setSlot({ day, time: clockText(minutes), resource: "" });
            }}
          />
        )
      }
      onSubmit={send}
      onClose={onClose}
    >
      <SlotFields slot={slot} onChange={setSlot} />
      <p className={page.muted} style={{ gridColumn: "1 / -1" }}>
        {isSame
          ? momentOf(booking.start, clock)
          : calendar.moveText(momentOf(booking.start, clock), momentOf(to, clock))}
      </p>
    </FormDialog>
  );
}
