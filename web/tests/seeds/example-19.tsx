import { useEffect, useState } from "react";

// Manually trigger sync
import { syncOfflineQueue } from "@/hooks/mutations/useSyncMutation";

// In network restoration handler
window.addEventListener("online", () => {
  syncOfflineQueue();
});

export {};
