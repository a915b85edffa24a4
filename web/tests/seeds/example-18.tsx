import { useEffect, useState } from "react";

// In your page/component initialization
import { getRealtimeSyncService } from "@/services/realtime-sync";

useEffect(() => {
  const realtimeSync = getRealtimeSyncService();
  realtimeSync.subscribe("leads", (event) => {
    // Manually update state if hooks aren't auto-updating
    console.log("Lead updated:", event.new);
  });
}, []);

export {};
