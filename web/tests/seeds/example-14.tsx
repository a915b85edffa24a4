import { useEffect, useState } from "react";
import {
  BookingConfirmButton,
  SendSMSButton,
  LeadStatusButton,
} from "@/components/common/CriticalButtons";
declare const leadId: any;

export function AppointmentConfirmationWorkflow({ appointment, lead }) {
  const [step, setStep] = useState<"booking" | "sms" | "status">("booking");

  return (
    <div className="workflow">
      {step === "booking" && (
        <BookingConfirmButton appointmentId={appointment.id} onSuccess={() => setStep("sms")} />
      )}

      {step === "sms" && (
        <SendSMSButton
          leadId={lead.id}
          message={`Hi ${lead.firstName}, your appointment is confirmed!`}
          onSuccess={() => setStep("status")}
        />
      )}

      {step === "status" && (
        <LeadStatusButton
          leadId={lead.id}
          currentStatus={lead.status}
          onSuccess={() => {
            toast.success("Workflow completed");
            setStep("booking"); // Reset
          }}
        />
      )}
    </div>
  );
}

export {};
