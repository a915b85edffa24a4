import { RefreshCw } from "lucide-react";

import { useConnection, useSyncClient } from "@/sync";
import { Button } from "./button";
import { useMessages, type Messages } from "./messages";
import { Spinner } from "./spinner";
import styles from "./updated-ago.module.css";
import { useNow } from "./use-now";

export interface UpdatedAgoProps {
  /** When the list was last read; null: never. What the socket tells counts as well. */
  readonly readAt: number | null;
  readonly busy: boolean;
  readonly failed?: boolean | undefined;
  readonly onRefresh: () => void;
}

/**
 * How old the screen is, and a button to make it new. Says nothing while the connection is live:
 * then time is no age.
 */
export function UpdatedAgo({ readAt, busy, failed = false, onRefresh }: UpdatedAgoProps) {
  const { realtime } = useSyncClient();
  const messages = useMessages();
  const connection = useConnection();
  const now = useNow(1_000);
  const at = readAt === null ? null : Math.max(readAt, realtime.syncedAt ?? 0);
  if (connection === "live" && !failed) return null;
  return (
    <span className={styles.ago} data-testid="freshness">
      {failed && <span className={styles.failed}>{messages.freshness.failed}</span>}
      <span>{at === null ? messages.freshness.never : ageOf(messages, now - at)}</span>
      <Button
        size="icon"
        tone="quiet"
        aria-label={messages.button.refresh}
        aria-busy={busy}
        onClick={() => !busy && onRefresh()}
      >
        {busy ? <Spinner /> : <RefreshCw size={14} aria-hidden="true" />}
      </Button>
    </span>
  );
}

function ageOf({ freshness }: Messages, ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 3) return freshness.now;
  return seconds < 60 ? freshness.seconds(seconds) : freshness.minutes(Math.floor(seconds / 60));
}
