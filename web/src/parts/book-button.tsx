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
  /** The day of the business on which it was opened. */
  const [day, setDay] = useState<string | null>(null);
  return (
    <>
      <Button size="small" onClick={() => setDay(dayAt(Date.now(), timeZone))}>
        <CalendarPlus size={14} aria-hidden="true" />
        {book.label}
      </Button>
      {day !== null && (
        <NewBooking
          customer={customer}
          slot={{ day, time: "", resource: "" }}
          onClose={() => setDay(null)}
        />
      )}
    </>
  );
}
