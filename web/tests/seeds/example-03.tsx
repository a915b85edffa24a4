import { useEffect, useState } from "react";

import { BookingConfirmButton } from "@/components/common/CriticalButtons";

export function AppointmentCard({ appointment }) {
  return (
    <div className="appointment-card">
      <h3>{appointment.title}</h3>
      <p>{appointment.scheduled_at}</p>

      <BookingConfirmButton
        appointmentId={appointment.id}
        onSuccess={() => {
          // Optional: Show success message
          toast.success("Appointment confirmed");
        }}
        onError={(error) => {
          // Optional: Handle specific errors
          if (error.code === "ALREADY_CONFIRMED") {
            toast.info("Appointment already confirmed");
          } else {
            toast.error(error.message);
          }
        }}
      />
    </div>
  );
}

export {};
