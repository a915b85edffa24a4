import { useEffect, useState } from "react";

import type { Appointment } from "@/api/appointments";
import { useBayName } from "@/data/bays";
import { SlotRefused } from "@/parts/slot-refused";
import { useMove } from "@/parts/use-move";
import { Button } from "@/ui/button";
import { useClock } from "@/ui/clock";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { momentOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import styles from "./grid.module.css";

export interface MoveDroppedProps {
  readonly booking: Appointment;
  readonly to: Date;
  readonly resource: string | undefined;
  readonly onClose: () => void;
}

/** After a drop: from when to when, before anything is sent; and what is free where it was refused. */
export function MoveDropped({ booking, to, resource, onClose }: MoveDroppedProps) {
  const { calendar, button } = useMessages();
  const bayName = useBayName();
  const clock = useClock();
  const [asked, setAsked] = useState<"open" | "no" | "yes">("open");
  const move = useMove(booking, onClose);
  const { error } = move;
  useEffect(() => {
    if (asked === "no") onClose();
  }, [asked, onClose]);
  const target = (start: string) => ({
    appointmentId: booking.id,
    start,
    ...(resource === undefined || resource === booking.resource ? {} : { resource }),
  });
  const bay =
    resource === undefined || resource === booking.resource ? "" : `, ${bayName(resource)}`;
  if (asked === "open") {
    return (
      <ConfirmDialog
        title={calendar.moveTitle}
        text={calendar.moveText(momentOf(booking.start, clock), momentOf(to, clock) + bay)}
        confirmLabel={calendar.move}
        cancelLabel={button.cancel}
        // Closing comes first, whatever the answer is: the answer has the last word.
        onClose={() => setAsked("no")}
        onConfirm={() => {
          setAsked("yes");
          move.mutate(target(to.toISOString()));
        }}
      />
    );
  }
  if (error === null) return null;
  return (
    <div role="alert" className={styles.refused}>
      <SlotRefused
        error={error}
        onChoose={(start) => move.mutate({ appointmentId: booking.id, start })}
      />
      <Button size="small" tone="quiet" onClick={onClose}>
        {button.close}
      </Button>
    </div>
  );
}
