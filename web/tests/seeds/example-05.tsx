import { useEffect, useState } from "react";
import { BookingConfirmButton } from "@/components/common/CriticalButtons";

export function AppointmentsList({ appointments }) {
  return (
    <table>
      <tbody>
        {appointments.map((apt) => (
          <tr key={apt.id}>
            <td>{apt.title}</td>
            <td>{apt.scheduled_at}</td>
            <td>
              <BookingConfirmButton
                appointmentId={apt.id}
                variant={apt.status === "pending" ? "default" : "disabled"}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export {};
