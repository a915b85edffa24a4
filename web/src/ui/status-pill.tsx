import {
  Ban,
  CalendarCheck,
  Check,
  CheckCheck,
  ChevronDown,
  Circle,
  CircleDashed,
  CircleDot,
  CircleHelp,
  Clock3,
  FileText,
  Handshake,
  MessageCircle,
  ThumbsUp,
  Trophy,
  UserX,
  X,
  type LucideIcon,
} from "lucide-react";

import { useMessages, type Messages } from "./messages";
import styles from "./status-pill.module.css";

export type StatusKind = "appointment" | "lead" | "sms" | "job";

export interface StatusPillProps {
  readonly kind: StatusKind;
  readonly status: string;
  /** Expected, not yet confirmed by the server. */
  readonly tentative?: boolean | undefined;
  /** It opens a menu. */
  readonly opens?: boolean | undefined;
}

type Sign = readonly [tone: string, icon: LucideIcon];

/** Colour is never alone: every state has its sign. */
const SIGNS: Readonly<Record<StatusKind, Readonly<Record<string, Sign | undefined>>>> = {
  appointment: {
    pending: ["yellow", CircleDashed],
    confirmed: ["green", Check],
    cancelled: ["gray", X],
    completed: ["blue", CheckCheck],
    no_show: ["red", UserX],
  },
  lead: {
    new: ["blue", Circle],
    contacted: ["yellow", MessageCircle],
    qualified: ["green", ThumbsUp],
    proposal_sent: ["purple", FileText],
    negotiating: ["orange", Handshake],
    won: ["teal", Trophy],
    lost: ["red", X],
    booked: ["green", CalendarCheck],
  },
  sms: {
    pending: ["gray", Clock3],
    sending: ["gray", Clock3],
    sent: ["blue", Check],
    delivered: ["green", CheckCheck],
    undelivered: ["red", X],
    failed: ["red", X],
    unknown: ["orange", CircleHelp],
    received: ["purple", MessageCircle],
  },
  job: {
    scheduled: ["gray", Clock3],
    checked_in: ["blue", CircleDot],
    in_progress: ["orange", CircleDot],
    qc: ["purple", CircleDot],
    ready: ["teal", Check],
    completed: ["green", CheckCheck],
    cancelled: ["gray", Ban],
  },
};

/** The state of something, in a word, a colour and a sign. A state of a later release is shown as it is. */
export function StatusPill({ kind, status, tentative = false, opens = false }: StatusPillProps) {
  const messages = useMessages();
  const [tone, Icon] = SIGNS[kind][status] ?? (["gray", CircleHelp] as const);
  return (
    <span className={styles.pill} data-tone={tone} data-status={status} data-tentative={tentative}>
      <Icon size={12} strokeWidth={2.25} aria-hidden="true" />
      {wordOf(messages, kind, status)}
      {opens && <ChevronDown size={12} aria-hidden="true" />}
    </span>
  );
}

/** The state in the words of the person. */
export function wordOf(messages: Messages, kind: StatusKind, status: string): string {
  const words = {
    appointment: messages.status,
    lead: messages.leadStatuses,
    sms: messages.smsStatuses,
    job: messages.job.steps,
  }[kind];
  return words[status] ?? status.replaceAll("_", " ");
}
