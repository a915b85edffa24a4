import { useEffect, useState } from "react";
import { LeadStatusBulkUpdateButton } from "@/components/common/CriticalButtons";

export function CampaignCard({ campaign }) {
  const [leads, setLeads] = useState(campaign.leads);

  return (
    <div className="campaign-card">
      <h3>{campaign.name}</h3>
      <p>{leads.length} leads</p>

      <LeadStatusBulkUpdateButton
        leadIds={leads.map((l) => l.id)}
        targetStatus="contacted"
        onSuccess={() => {
          toast.success(`Marked ${leads.length} leads as contacted`);
          // Update local state
          setLeads(leads.map((l) => ({ ...l, status: "contacted" })));
        }}
      />
    </div>
  );
}

export {};
