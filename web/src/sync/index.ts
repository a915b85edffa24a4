/** The library's public names. */

export { MAX_ATTEMPTS } from "./backoff";
export { SyncClient, type SyncConfig } from "./client";
export { isSyncDebug, setSyncDebug } from "./debug";
export { editConflictOf, type EditConflict } from "./edits";
export { NoAnswerError, type SyncError } from "./errors";
export { Http, type HttpReply, type HttpRequest, type TokenProvider } from "./http";
export {
  isOutstanding,
  type Concurrency,
  type OptimisticPatch,
  type OutboxItem,
  type OutboxState,
  type Priority,
} from "./outbox-item";
export { errorOf } from "./outcome";
export { isRecord, type Actor, type ChangeEvent, type Row } from "./protocol";
export {
  ChangeTimeoutError,
  type ConnectionState,
  type RealtimeSyncService,
  type RowChange,
} from "./realtime";
export type { RowStore, RowView } from "./row-store";
export {
  getOfflineQueue,
  getRealtimeSyncService,
  startSync,
  stopSync,
  syncOfflineQueue,
} from "./session";

export type { MutationStatus } from "./mutation-state";
export type { Progress } from "./hooks/use-press-reports";
export { SyncProvider, useSyncClient } from "./hooks/sync-context";
export { useConnection } from "./hooks/use-connection";
export { useOfflineSync, type OfflineSync } from "./hooks/use-offline-sync";
export { usePolling, type PollingConfig } from "./hooks/use-polling";
export {
  useAppointmentSync,
  useLeadStatusSync,
  useRowSync,
  useSmsSync,
  type RowSync,
  type SmsSync,
} from "./hooks/use-row-sync";
export { useRow, useRows, useRowsWhere } from "./hooks/use-rows";
export {
  useSyncMutation,
  type Mutated,
  type SyncMutation,
  type SyncMutationConfig,
} from "./hooks/use-sync-mutation";
