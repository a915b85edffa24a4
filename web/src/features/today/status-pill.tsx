import type { AppointmentStatus } from "@/api/appointments";
import { messages } from "@/ui/messages";
import styles from "./status-pill.module.css";

export interface StatusPillProps {
  readonly status: AppointmentStatus;
  /** Expected, not yet confirmed by the server. */
  readonly tentative: boolean;
}

/** The state of an appointment, in a word and a colour. */
export function StatusPill({ status, tentative }: StatusPillProps) {
  return (
    <span className={styles.pill} data-status={status} data-tentative={tentative}>
      {messages.status[status]}
    </span>
  );
}
