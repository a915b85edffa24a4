import { useState } from "react";

import type { Appointment } from "@/api/appointments";
import { clockText, wallTime } from "@/data/wall-time";
import { Button } from "@/ui/button";
import { useClock } from "@/ui/clock";
import { useMessages } from "@/ui/messages";
import { MoveDialog } from "./move-dialog";

/** Asks for another day, time and bay, and shows from when to when before anything is sent. */
export function MoveButton({ booking }: { readonly booking: Appointment }) {
  const { calendar } = useMessages();
  const clock = useClock();
  const [open, setOpen] = useState(false);
  const { day, minutes } = wallTime(booking.start, clock.timeZone);
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {calendar.move}
      </Button>
      {open && (
        <MoveDialog
          booking={booking}
          slot={{ day, time: clockText(minutes), resource: booking.resource ?? "" }}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
