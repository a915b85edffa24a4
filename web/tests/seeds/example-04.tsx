import { useEffect, useState } from "react";
import { BookingConfirmButton } from "@/components/common/CriticalButtons";
declare const appointment: any;

export function Example() {
  return (
    <BookingConfirmButton
      appointmentId={appointment.id}
      variant="with-confirm"
      confirmMessage="Are you sure you want to confirm this appointment?"
      onSuccess={() => toast.success("Appointment confirmed")}
    />
  );
}
