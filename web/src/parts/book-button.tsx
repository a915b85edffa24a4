import { CalendarPlus } from "lucide-react";
import { useState } from "react";

import { dayAt } from "@/data/days";
import { Button } from "@/ui/button";
import { useClock } from "@/ui/clock";
import { useMessages } from "@/ui/messages";
import { NewBooking, type Customer } from "./new-booking";

/** Opens the form that books a visit, with the person filled in. */
export function BookButton({ customer }: { readonly customer: Customer }) {
  const { book } = useMessages();
  const { timeZone } = useClock();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        <CalendarPlus size={14} aria-hidden="true" />
        {book.label}
      </Button>
      {open && (
        <NewBooking
          customer={customer}
          slot={{ day: dayAt(Date.now(), timeZone), time: "", resource: "" }}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
