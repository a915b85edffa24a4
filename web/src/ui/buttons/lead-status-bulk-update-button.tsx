import { useState } from "react";

import type { LeadStatus } from "@/api/persons";
import { isRecord, useSyncClient, type Progress, type RowStore, type SyncError } from "@/sync";
import { useMessages } from "../messages";
import { SyncButton, type SyncButtonVariant } from "../sync-button";
import styles from "./bulk.module.css";
import type { Look } from "./look";

/** A lead that was not moved, and why. */
export interface BulkFailure {
  readonly leadId: string;
  readonly code: string;
  readonly error: string;
}

/** What came of moving many leads. */
export interface BulkResult {
  readonly updated: number;
  readonly failed: number;
  readonly status: string;
  readonly message: string;
  readonly failures: readonly BulkFailure[];
}

/** Why not all of them were moved. */
export interface BulkError extends SyncError {
  /** How many were not moved: all of them when the whole was refused. */
  readonly failed: number;
  readonly updated: number;
  readonly failures: readonly BulkFailure[];
}

export interface LeadStatusBulkUpdateButtonProps extends Look {
  /** 1 to 500; one that is given twice counts once. */
  readonly leadIds: readonly string[];
  readonly targetStatus: LeadStatus;
  /** All of at most 50, or none. */
  readonly atomic?: boolean | undefined;
  /** `with-confirm` asks first, `with-progress` counts. Both may be wanted: see `asksFirst`. */
  readonly variant?: SyncButtonVariant | undefined;
  readonly confirmMessage?: string | undefined;
  /** Names a lead in the list of those that were not moved. */
  readonly nameOf?: ((leadId: string) => string) | undefined;
  readonly onSuccess?: ((result: BulkResult) => void) | undefined;
  /** Also when some were moved: `error.updated` and `error.failed` tell how many. */
  readonly onError?: ((error: BulkError) => void) | undefined;
  /** `processed` of `total` leads. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

interface Body {
  readonly leadIds: readonly string[];
  readonly status: LeadStatus;
  readonly atomic?: boolean;
  readonly expectedVersions?: Readonly<Record<string, number>>;
}

/**
 * Moves many leads with one press, each as it was on the screen. Those that could not be moved, or
 * that somebody else has changed meanwhile, are listed with their reason.
 */
export function LeadStatusBulkUpdateButton(props: LeadStatusBulkUpdateButtonProps) {
  const { leadIds, targetStatus, atomic, nameOf, onSuccess, onError, ...rest } = props;
  const messages = useMessages();
  const { rows } = useSyncClient();
  const [failures, setFailures] = useState<readonly BulkFailure[]>([]);
  const ids = [...new Set(leadIds)];
  const label = messages.leadStatuses[targetStatus] ?? targetStatus;
  return (
    <span className={styles.bulk}>
      <SyncButton<Body, Partial<BulkResult>>
        {...rest}
        endpoint="/api/leads/update-status"
        scopes={ids.map((id) => `leads/${id}`)}
        eventTable=""
        total={({ leadIds: sent }) => sent.length}
        optimistic={({ leadIds: sent, status }) =>
          sent.map((id) => ({ table: "leads", id, fields: { status } }))
        }
        disabled={rest.disabled === true || ids.length === 0}
        onClick={(mutate) => {
          setFailures([]);
          mutate({
            leadIds: ids,
            status: targetStatus,
            ...(atomic === true ? { atomic } : {}),
            ...versionsOf(rows, ids),
          });
        }}
        confirmTitle={messages.bulk.title(ids.length, label)}
        successMessage={messages.bulk.done(ids.length, label)}
        onSuccess={(answer) => onSuccess?.(resultOf(answer, ids.length, targetStatus))}
        onError={(error) => {
          const bulk = bulkErrorOf(error, ids.length);
          setFailures(bulk.failures);
          onError?.(bulk);
        }}
      >
        {props.children ?? messages.bulk.label(ids.length, label)}
      </SyncButton>
      {failures.length > 0 && (
        <ul className={styles.failures} aria-label={messages.bulk.failures}>
          {failures.map(({ leadId, code, error }) => (
            <li key={leadId}>
              <strong>{nameOf?.(leadId) ?? leadId}</strong> {messages.errors[code] ?? error}
            </li>
          ))}
        </ul>
      )}
    </span>
  );
}

/** The versions on the screen. A lead with a press under way has another by the time this is sent. */
function versionsOf(rows: RowStore, ids: readonly string[]): Pick<Body, "expectedVersions"> {
  const known = ids.flatMap((id) => {
    const version = rows.confirmed("leads", id)?.version;
    const isSettled = rows.get("leads", id)?.tentative === false;
    return isSettled && typeof version === "number" ? [[id, version] as const] : [];
  });
  return known.length === 0 ? {} : { expectedVersions: Object.fromEntries(known) };
}

function resultOf(
  answer: Partial<BulkResult> | undefined,
  total: number,
  status: string,
): BulkResult {
  return {
    updated: answer?.updated ?? total,
    failed: answer?.failed ?? 0,
    status: answer?.status ?? status,
    message: answer?.message ?? "",
    failures: failuresOf(answer?.failures),
  };
}

function bulkErrorOf(error: SyncError, total: number): BulkError {
  const { failed, updated } = error.body ?? {};
  return {
    ...error,
    failed: typeof failed === "number" ? failed : total,
    updated: typeof updated === "number" ? updated : 0,
    failures: failuresOf(error.body?.failures),
  };
}

function failuresOf(value: unknown): readonly BulkFailure[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each: unknown) => {
    if (!isRecord(each) || typeof each.leadId !== "string") return [];
    const { leadId, code, error } = each;
    return [
      {
        leadId,
        code: typeof code === "string" ? code : "",
        error: typeof error === "string" ? error : "",
      },
    ];
  });
}
