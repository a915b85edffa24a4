import { useEffect, useState } from "react";

import { getRealtimeSyncService } from "@/services/realtime-sync";

export default function App() {
  useEffect(() => {
    // Initialize realtime sync service
    const realtimeSync = getRealtimeSyncService();

    // Subscribe to critical table changes
    realtimeSync.subscribe("appointments", (event) => {
      console.log("Appointment changed:", event);
      // Component hooks handle UI updates automatically
    });

    return () => {
      // Cleanup on unmount
    };
  }, []);

  return <AppContent />;
}

export {};
