import { useEffect, useState } from "react";
import { LeadStatusButton } from "@/components/common/CriticalButtons";
declare const leadId: any;

export function Example() {
  return (
    <LeadStatusButton
      leadId={lead.id}
      currentStatus={lead.status}
      variant="with-confirm"
      confirmMessage={{
        won: "Mark this lead as won? This is final.",
        lost: "Mark this lead as lost? You can reopen later.",
      }}
      onSuccess={(lead) => {
        toast.success(`Lead marked as ${lead.status}`);
      }}
    />
  );
}
