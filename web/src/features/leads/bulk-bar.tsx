import { X } from "lucide-react";
import { useState } from "react";

import { LEAD_STATUSES, movesFrom, type Lead, type LeadStatus } from "@/api/persons";
import { useSyncClient } from "@/sync";
import { Button } from "@/ui/button";
import { LeadStatusBulkUpdateButton } from "@/ui/buttons/lead-status-bulk-update-button";
import { useMessages } from "@/ui/messages";
import page from "@/ui/page.module.css";
import styles from "./bulk-bar.module.css";

/** What the server moves with one press. */
const MOST = 500;

export interface BulkBarProps {
  readonly leads: readonly Lead[];
  readonly onClear: () => void;
}

/** What can be done with all that are chosen. */
export function BulkBar({ leads, onClear }: BulkBarProps) {
  const messages = useMessages();
  const [target, setTarget] = useState<LeadStatus>("contacted");
  const { rows } = useSyncClient();
  // Of all leads, not of the chosen ones: who was moved by somebody else may no longer be listed.
  const nameOf = (id: string): string => {
    const name = rows.confirmed("leads", id)?.name;
    return typeof name === "string" && name !== "" ? name : messages.list.unnamed;
  };
  // Who is there already, or may not go there, would only be refused.
  const movable = leads.filter(({ status }) => movesFrom(status).includes(target));
  return (
    <div role="region" aria-label={messages.list.selected(leads.length)} className={styles.bar}>
      <span className={styles.count}>{messages.list.selected(leads.length)}</span>
      <label className={styles.target}>
        <span>{messages.leads.moveTo}</span>
        <select
          className={page.input}
          value={target}
          onChange={({ target: { value } }) =>
            setTarget(LEAD_STATUSES.find((status) => status === value) ?? target)
          }
        >
          {LEAD_STATUSES.map((status) => (
            <option key={status} value={status}>
              {messages.leadStatuses[status]}
            </option>
          ))}
        </select>
      </label>
      <LeadStatusBulkUpdateButton
        leadIds={movable.slice(0, MOST).map(({ id }) => id)}
        targetStatus={target}
        variant={target === "won" || target === "lost" ? "with-confirm" : "with-progress"}
        confirmMessage={target === "won" ? messages.leadStatus.won : messages.leadStatus.lost}
        tone="primary"
        nameOf={nameOf}
        onSuccess={onClear}
      />
      {movable.length > MOST && <span className={page.muted}>{messages.leads.most(MOST)}</span>}
      <Button size="icon" tone="quiet" aria-label={messages.list.clear} onClick={onClear}>
        <X size={16} aria-hidden="true" />
      </Button>
    </div>
  );
}
