import { useEffect, useState } from "react";
declare const lead: any;

import { LeadStatusBulkUpdateButton } from "@/components/common/CriticalButtons";

export function LeadTableToolbar({ selectedLeads }) {
  return (
    <div className="toolbar">
      <LeadStatusBulkUpdateButton
        leadIds={selectedLeads.map((l) => l.id)}
        targetStatus="contacted"
        onSuccess={(result) => {
          toast.success(`Updated ${result.updated} leads to ${result.status}`);
          // Refetch lead list
          refetchLeads();
        }}
        onError={(error) => {
          toast.error(`${error.failed} leads failed to update: ${error.message}`);
        }}
      />
    </div>
  );
}

export {};
