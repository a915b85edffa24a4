import { useSyncClient } from "@/sync";
import { Button } from "./button";
import styles from "./freshness.module.css";
import { messages } from "./messages";
import { Spinner } from "./spinner";
import { useNow } from "./use-now";

export interface FreshnessProps {
  /** When the list was last read; 0: never yet. What the socket tells counts as well. */
  readonly readAt: number;
  readonly busy: boolean;
  readonly onRefresh: () => void;
}

/** How old the screen is, and a button to make it new. */
export function Freshness({ readAt, busy, onRefresh }: FreshnessProps) {
  const { realtime } = useSyncClient();
  const now = useNow(1_000);
  const at = readAt === 0 ? 0 : Math.max(readAt, realtime.syncedAt ?? 0);
  return (
    <span className={styles.freshness}>
      <span data-testid="freshness">{at === 0 ? messages.freshness.never : ageOf(now - at)}</span>
      <Button size="small" aria-busy={busy} onClick={() => !busy && onRefresh()}>
        {busy && <Spinner />}
        {messages.freshness.refresh}
      </Button>
    </span>
  );
}

function ageOf(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 3) return messages.freshness.now;
  return seconds < 60
    ? messages.freshness.seconds(seconds)
    : messages.freshness.minutes(Math.floor(seconds / 60));
}
