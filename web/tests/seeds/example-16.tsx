import { useEffect, useState } from "react";

export function CollaborativeLeadCard({ lead }) {
  const [lastUpdatedBy, setLastUpdatedBy] = useState<string | null>(null);
  const { useLeadStatusSync } = require("@/components/common/CriticalButtons");

  const { updatedLead } = useLeadStatusSync(lead.id);

  useEffect(() => {
    if (updatedLead && updatedLead.id === lead.id) {
      setLastUpdatedBy(updatedLead.updatedBy);
      setTimeout(() => setLastUpdatedBy(null), 3000); // Flash for 3s
    }
  }, [updatedLead]);

  return (
    <div className={lastUpdatedBy ? "bg-yellow-100" : ""}>
      {lead.name} - {lead.status}
      {lastUpdatedBy && <span className="text-sm text-gray-500">Updated by {lastUpdatedBy}</span>}
    </div>
  );
}

export {};
