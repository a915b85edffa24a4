import { useSyncExternalStore } from "react";

import { useOfflineSync } from "@/sync";
import { Button } from "@/ui/button";
import { useMessages } from "@/ui/messages";
import { hasNewVersion, onNewVersion, takeNewVersion } from "../offline-start";
import styles from "./new-version.module.css";

/** Offers to reload into a new version; never while something is on its way. */
export function NewVersion() {
  const { app } = useMessages();
  const { queued } = useOfflineSync();
  const isThere = useSyncExternalStore(onNewVersion, hasNewVersion);
  if (!isThere) return null;
  return (
    <div className={styles.bar} role="status">
      <span>{app.newVersion}</span>
      <Button size="small" disabled={queued.length > 0} onClick={takeNewVersion}>
        {app.reload}
      </Button>
    </div>
  );
}
