import { useState } from "react";

import { useConnection, useOfflineSync, type OfflineSync } from "@/sync";
import { Hidden } from "./live-region";
import { useMessages, type Messages } from "./messages";
import { OutboxSheet } from "./outbox-sheet";
import styles from "./sync-chip.module.css";

type Tone = "live" | "busy" | "warn" | "calm";

/** How the page stands with the server, in a word. Opens the list of what was pressed. */
export function SyncChip() {
  const messages = useMessages();
  const connection = useConnection();
  const sync = useOfflineSync();
  const [open, setOpen] = useState(false);
  const [tone, text] = wordOf(messages, connection, sync);
  return (
    <>
      <button
        type="button"
        className={styles.chip}
        data-tone={tone}
        data-testid="connection"
        data-connection={connection}
        onClick={() => setOpen(true)}
      >
        <span aria-hidden="true" className={styles.dot} />
        <Hidden>{messages.chip.label}: </Hidden>
        {text}
      </button>
      {open && <OutboxSheet onClose={() => setOpen(false)} />}
    </>
  );
}

function wordOf(
  { chip, connection: words }: Messages,
  connection: keyof Messages["connection"],
  sync: OfflineSync,
): readonly [Tone, string] {
  const { queued, unknown, rejected, isOnline } = sync;
  if (rejected.length + unknown.length > 0)
    return ["warn", chip.needsYou(rejected.length + unknown.length)];
  if (sync.waitingForSignIn > 0) return ["warn", chip.signIn];
  if (queued.length > 0) {
    if (!isOnline) return ["warn", chip.waiting(queued.length)];
    return sync.waitingForNetwork > 0
      ? ["warn", chip.held(queued.length)]
      : ["busy", chip.saving(queued.length)];
  }
  if (!isOnline) return ["warn", words.offline];
  if (connection === "live") return ["live", words.live];
  return [connection === "offline" || connection === "closed" ? "warn" : "calm", words[connection]];
}
