import { useId, useState } from "react";

import { movesFrom, type LeadStatus } from "@/api/persons";
import {
  isRecord,
  useRow,
  useSyncClient,
  useSyncMutation,
  type ChangeEvent,
  type SyncError,
} from "@/sync";
import { ConfirmDialog } from "../confirm-dialog";
import { announce, Hidden } from "../live-region";
import { Menu } from "../menu";
import { useMessages } from "../messages";
import { StatusPill } from "../status-pill";
import { noteOf, NoteLine } from "../sync-button-note";
import styles from "./lead-status-button.module.css";

/** A lead as far as its change told. */
export interface ChangedLead {
  readonly id: string;
  readonly status: string;
  readonly status_changed_at?: string;
}

export interface LeadStatusButtonProps {
  readonly leadId: string;
  /** As the page knows it; the live row, where there is one, is believed before it. */
  readonly currentStatus: string;
  /** `with-confirm` asks before won and lost; `default` asks before won alone, which is final. */
  readonly variant?: "default" | "with-confirm" | "disabled" | undefined;
  /** What is asked before a status. */
  readonly confirmMessage?: Readonly<Partial<Record<LeadStatus, string>>> | undefined;
  /** Whose status it is, for those who do not see the rest of the row. */
  readonly context?: string | undefined;
  readonly notes?: "below" | "floating" | undefined;
  readonly onSuccess?: ((lead: ChangedLead) => void) | undefined;
  readonly onError?: ((error: SyncError) => void) | undefined;
}

interface Body {
  readonly leadId: string;
  readonly status: LeadStatus;
  readonly expectedVersion?: number;
}

interface Answer {
  readonly lead?: ChangedLead;
}

/** The status of a lead as a pill that opens the moves it may make. Of quick changes the last one counts. */
export function LeadStatusButton(props: LeadStatusButtonProps) {
  const { leadId: id, currentStatus, variant = "default", context = "", confirmMessage } = props;
  const messages = useMessages();
  const noteId = useId();
  const { rows } = useSyncClient();
  const live = useRow("leads", id);
  const shown = typeof live?.row.status === "string" ? live.row.status : currentStatus;
  const [asked, setAsked] = useState<LeadStatus | null>(null);
  const labelOf = (status: string): string => messages.leadStatuses[status] ?? status;
  const mutation = useSyncMutation<Body, Answer>("/api/leads/update-status", {
    scope: `leads/${id}`,
    concurrency: "latest",
    eventTable: "leads",
    optimistic: ({ status }) => ({ table: "leads", id, fields: { status } }),
    base: ({ expectedVersion }) => (expectedVersion === undefined ? undefined : { status: shown }),
    fromEvent: answerOf,
    onSuccess: (answer) => {
      const lead = answer?.lead ?? { id, status: currentStatus };
      announce(messages.leadStatus.done(labelOf(lead.status)));
      props.onSuccess?.(lead);
    },
    onError: props.onError,
  });
  const moves = movesFrom(shown);
  // Pressed upon what the screen shows: another person's move in between is not overwritten.
  const version = rows.confirmed("leads", id)?.version;
  const send = (status: LeadStatus): void =>
    void mutation.mutate({
      leadId: id,
      status,
      ...(typeof version === "number" ? { expectedVersion: version } : {}),
    });
  const choose = (status: LeadStatus): void => {
    const asks = status === "won" || (variant === "with-confirm" && status === "lost");
    if (asks) setAsked(status);
    else send(status);
  };
  const note = noteOf(messages, mutation, false, {
    ALREADY_HAS_STATUS: messages.errors.ALREADY_HAS_STATUS,
  });
  return (
    <span
      className={styles.holder}
      data-state={mutation.isQueued ? "queued" : mutation.status}
      data-lead-status={shown}
    >
      <Menu
        label={messages.leadStatus.change(context)}
        disabled={variant === "disabled" || moves.length === 0}
        triggerClass={styles.trigger}
        describedBy={note === null ? undefined : noteId}
        busy={mutation.isPending}
        trigger={
          <>
            <StatusPill
              kind="lead"
              status={shown}
              tentative={live?.tentative ?? false}
              opens={moves.length > 0}
            />{" "}
            <Hidden>{messages.leadStatus.change(context)}</Hidden>
          </>
        }
        items={moves.map((status) => ({
          key: status,
          label: <StatusPill kind="lead" status={status} tentative={false} />,
          text: labelOf(status),
          onSelect: () => choose(status),
        }))}
      />
      {note !== null && (
        <NoteLine
          id={noteId}
          note={note}
          floating={props.notes === "floating"}
          onRetry={mutation.retry}
        />
      )}
      {asked !== null && (
        <ConfirmDialog
          title={messages.leadStatus.title(labelOf(asked))}
          text={
            confirmMessage?.[asked] ??
            (asked === "won" ? messages.leadStatus.won : messages.leadStatus.lost)
          }
          confirmLabel={labelOf(asked)}
          cancelLabel={messages.button.cancel}
          isDestructive={asked === "lost"}
          onConfirm={() => send(asked)}
          onClose={() => setAsked(null)}
        />
      )}
    </span>
  );
}

function answerOf({ id, record }: ChangeEvent): Answer {
  const status = isRecord(record) && typeof record.status === "string" ? record.status : "";
  return { lead: { id, status } };
}
