import { useEffect, useState } from "react";

export function OptimisticLeadStatusUpdate({ lead, onStatusChange }) {
  const [optimisticStatus, setOptimisticStatus] = useState(lead.status);

  const handleStatusChange = async (newStatus: string) => {
    // Update UI immediately (optimistic)
    setOptimisticStatus(newStatus);

    // Then confirm with server
    try {
      await fetch(`/api/leads/${lead.id}/update-status`, {
        method: "POST",
        body: JSON.stringify({ status: newStatus }),
      });
      onStatusChange(newStatus);
    } catch (error) {
      // Revert on failure
      setOptimisticStatus(lead.status);
      toast.error("Failed to update status");
    }
  };

  return (
    <button
      onClick={() => handleStatusChange("qualified")}
      disabled={optimisticStatus !== lead.status}
    >
      {optimisticStatus}
    </button>
  );
}

export {};
