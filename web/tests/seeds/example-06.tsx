import { useEffect, useState } from "react";
declare const appointment: any;
declare const leadId: any;

import { SendSMSButton } from "@/components/common/CriticalButtons";

export function LeadCard({ lead }) {
  return (
    <div className="lead-card">
      <h3>{lead.name}</h3>
      <p>{lead.phone}</p>

      <SendSMSButton
        leadId={lead.id}
        message={`Hi ${lead.firstName}, your appointment is confirmed for tomorrow at 10am.`}
        onSuccess={() => {
          toast.success("SMS sent");
        }}
        onError={(error) => {
          if (error.code === "CIRCUIT_BREAKER_OPEN") {
            toast.error("SMS service temporarily unavailable. Will retry automatically.");
          } else {
            toast.error(`Failed to send SMS: ${error.message}`);
          }
        }}
      />
    </div>
  );
}

export {};
