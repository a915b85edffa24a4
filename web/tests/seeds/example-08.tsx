import { useEffect, useState } from "react";
import { SendSMSButton } from "@/components/common/CriticalButtons";
declare const appointment: any;
declare const leadId: any;

const messageTemplates = {
  appointment_confirmation: (lead) =>
    `Hi ${lead.firstName}, your appointment is confirmed for ${lead.appointmentDate} at ${lead.appointmentTime}. Reply CONFIRM to confirm or CANCEL to cancel.`,

  follow_up: (lead) =>
    `${lead.firstName}, just checking in! Are you still interested in our services? Reply YES or NO.`,

  payment_reminder: (lead) =>
    `Hi ${lead.firstName}, we have an outstanding proposal. Please review and let us know if you have questions.`,
};

export function Example() {
  return (
    <SendSMSButton leadId={lead.id} message={messageTemplates.appointment_confirmation(lead)} />
  );
}
