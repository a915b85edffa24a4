import { useEffect, useState } from "react";
import { LeadStatusBulkUpdateButton } from "@/components/common/CriticalButtons";
declare const selectedLeads: any;

export function Example() {
  return (
    <LeadStatusBulkUpdateButton
      leadIds={selectedLeads}
      targetStatus="qualified"
      variant="with-progress"
      onProgress={(progress) => {
        console.log(`Updating ${progress.processed}/${progress.total} leads...`);
      }}
    />
  );
}
