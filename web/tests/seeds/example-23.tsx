import { useEffect, useState } from "react";
import { SyncButton } from "@/components/common/CriticalButtons";

export function Example() {
  return (
    <SyncButton
      endpoint="/api/booking/confirm"
      onClick={(mutate) => mutate({ bookingId: "123" })}
      successMessage="Booked!"
    >
      Confirm Booking
    </SyncButton>
  );
}
