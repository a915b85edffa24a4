/** What other teams import: the sync library and the buttons on it. */

export * from "@/sync";

export { LEAD_STATUSES, movesFrom, type LeadStatus } from "@/api/persons";

export {
  BookingConfirmButton,
  type BookingConfirmButtonProps,
  type ConfirmedAppointment,
} from "@/ui/buttons/booking-confirm-button";
export {
  CallBackButton,
  MarkBookedButton,
  MarkLostButton,
  type CallBackButtonProps,
  type ChangedContact,
  type MarkButtonProps,
  type NotedCall,
} from "@/ui/buttons/contact-buttons";
export {
  LeadStatusBulkUpdateButton,
  type BulkError,
  type BulkFailure,
  type BulkResult,
  type LeadStatusBulkUpdateButtonProps,
} from "@/ui/buttons/lead-status-bulk-update-button";
export {
  LeadStatusButton,
  type ChangedLead,
  type LeadStatusButtonProps,
} from "@/ui/buttons/lead-status-button";
export {
  SendSMSButton,
  type AcceptedText,
  type SendSMSButtonProps,
} from "@/ui/buttons/send-sms-button";
export { ZoneProvider } from "@/ui/clock";
export { Flash } from "@/ui/flash";
export { announce, LiveRegion } from "@/ui/live-region";
export {
  en,
  loadMessages,
  LOCALES,
  MessagesProvider,
  useMessages,
  type Locale,
  type Messages,
} from "@/ui/messages";
export { OfflineIndicator, type OfflineIndicatorProps } from "@/ui/offline-indicator";
export { StatusPill, type StatusPillProps } from "@/ui/status-pill";
export { SyncButton, type SyncButtonProps, type SyncButtonVariant } from "@/ui/sync-button";
export { SyncChip } from "@/ui/sync-chip";
export { UpdatedAgo, type UpdatedAgoProps } from "@/ui/updated-ago";
export { useFlash } from "@/ui/use-flash";
