/** The library's public names. */

export { MAX_ATTEMPTS } from "./backoff";
export { SyncClient, type SyncConfig } from "./client";
export { NoAnswerError, type SyncError } from "./errors";
export { Http, type HttpReply, type HttpRequest, type TokenProvider } from "./http";
export { isOutstanding, type OutboxItem, type OutboxState, type Priority } from "./outbox-item";
export { errorOf } from "./outcome";
export { isRecord, type Actor, type ChangeEvent, type Row } from "./protocol";
export {
  ChangeTimeoutError,
  type ConnectionState,
  type RealtimeSyncService,
  type RowChange,
} from "./realtime";
export type { RowView } from "./row-store";
export {
  getOfflineQueue,
  getRealtimeSyncService,
  startSync,
  stopSync,
  syncOfflineQueue,
} from "./session";

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
} from "./hooks/use-row-sync";
export { useRow, useRows } from "./hooks/use-rows";
export {
  useSyncMutation,
  type Progress,
  type SyncMutation,
  type SyncMutationConfig,
} from "./hooks/use-sync-mutation";
