import { useEffect, useState } from "react";
declare const leadId: any;

import { LeadStatusButton } from "@/components/common/CriticalButtons";

export function LeadRow({ lead }) {
  return (
    <tr>
      <td>{lead.name}</td>
      <td>{lead.phone}</td>
      <td>
        <LeadStatusButton
          leadId={lead.id}
          currentStatus={lead.status}
          onSuccess={(updatedLead) => {
            // Lead status updated, realtime event will update other clients
            toast.success(`Status changed to ${updatedLead.status}`);
          }}
        />
      </td>
    </tr>
  );
}

export {};
