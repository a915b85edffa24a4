import { useEffect, useState } from "react";

import type { Appointment } from "@/api/appointments";
import { alternativesOf, useMove } from "@/parts/move-button";
import { Button } from "@/ui/button";
import { useClock } from "@/ui/clock";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { momentOf, timeOf } from "@/ui/format";
import { sentenceOf, useMessages } from "@/ui/messages";
import styles from "./grid.module.css";

export interface MoveDroppedProps {
  readonly booking: Appointment;
  readonly to: Date;
  readonly resource: string | undefined;
  readonly onClose: () => void;
}

/** After a drop: from when to when, before anything is sent; and what is free where it was refused. */
export function MoveDropped({ booking, to, resource, onClose }: MoveDroppedProps) {
  const messages = useMessages();
  const { calendar, button } = messages;
  const clock = useClock();
  const [asking, setAsking] = useState(true);
  const move = useMove(booking);
  const { isSuccess, error } = move;
  useEffect(() => {
    if (isSuccess) onClose();
  }, [isSuccess, onClose]);
  const target = (start: string) => ({
    appointmentId: booking.id,
    start,
    ...(resource === undefined || resource === booking.resource ? {} : { resource }),
  });
  const bay = resource === undefined || resource === booking.resource ? "" : `, ${resource}`;
  if (asking) {
    return (
      <ConfirmDialog
        title={calendar.moveTitle}
        text={calendar.moveText(momentOf(booking.start, clock), momentOf(to, clock) + bay)}
        confirmLabel={calendar.move}
        cancelLabel={button.cancel}
        onConfirm={() => {
          setAsking(false);
          move.mutate(target(to.toISOString()));
        }}
        onClose={() => {
          setAsking(false);
          if (move.status === "idle") onClose();
        }}
      />
    );
  }
  if (error === null) return null;
  return (
    <div role="alert" className={styles.refused}>
      <span>{sentenceOf(messages, error)}</span>
      {alternativesOf(error).map((start) => (
        <Button key={start} size="small" onClick={() => move.mutate(target(start))}>
          {timeOf(start, clock)}
        </Button>
      ))}
      <Button size="small" tone="quiet" onClick={onClose}>
        {button.close}
      </Button>
    </div>
  );
}
