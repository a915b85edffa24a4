import { useEffect, useState } from "react";

import { getOfflineQueue, syncOfflineQueue } from "@/hooks/mutations/useSyncMutation";

export function OfflineIndicator() {
  const [isOnline, setIsOnline] = useState(navigator.onLine);
  const [queuedCount, setQueuedCount] = useState(0);

  useEffect(() => {
    const handleOnline = () => {
      setIsOnline(true);
      // Sync offline queue when network restores
      syncOfflineQueue();
    };

    const handleOffline = () => {
      setIsOnline(false);
      setQueuedCount(getOfflineQueue().length);
    };

    window.addEventListener("online", handleOnline);
    window.addEventListener("offline", handleOffline);

    return () => {
      window.removeEventListener("online", handleOnline);
      window.removeEventListener("offline", handleOffline);
    };
  }, []);

  if (!isOnline) {
    return <div className="offline-banner">📡 Offline ({queuedCount} pending actions)</div>;
  }

  return null;
}

export {};
