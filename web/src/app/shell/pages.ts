import {
  CalendarDays,
  CircleAlert,
  Contact,
  GitCompareArrows,
  Inbox,
  LayoutGrid,
  Settings,
  Sun,
  Users,
  Waypoints,
  type LucideIcon,
} from "lucide-react";
import { lazy, type ComponentType, type LazyExoticComponent } from "react";

import type { Messages } from "@/ui/messages";
import { TodayPage } from "@/features/today/today-page";

export interface Page {
  readonly path: `/${string}`;
  readonly name: (messages: Messages) => string;
  readonly icon: LucideIcon;
  readonly component: ComponentType | LazyExoticComponent<ComponentType>;
  /** The pages of one row, below this one: `/leads/:id`. */
  readonly detail?: LazyExoticComponent<ComponentType<{ readonly id: string }>>;
  readonly group: "work" | "watch";
  /** Owners and managers only. */
  readonly managers?: boolean;
  /** In the bar at the bottom of a phone. */
  readonly phone?: boolean;
  /** Pressed after `g`. */
  readonly key?: string;
}

const LeadCard = lazy(() => import("@/features/person/lead-page"));
const ContactCard = lazy(() => import("@/features/person/contact-page"));
const Thread = lazy(() => import("@/features/inbox/inbox-page"));

/** Every page of the dashboard. All but the first come when they are asked for. */
export const PAGES: readonly Page[] = [
  {
    path: "/today",
    name: ({ nav }) => nav.today,
    icon: Sun,
    component: TodayPage,
    group: "work",
    phone: true,
    key: "t",
  },
  {
    path: "/inbox",
    name: ({ nav }) => nav.inbox,
    icon: Inbox,
    component: lazy(() => import("@/features/inbox/inbox-page")),
    detail: Thread,
    group: "work",
    phone: true,
    key: "i",
  },
  {
    path: "/leads",
    name: ({ nav }) => nav.leads,
    icon: Users,
    component: lazy(() => import("@/features/leads/leads-page")),
    detail: LeadCard,
    group: "work",
    phone: true,
    key: "l",
  },
  {
    path: "/contacts",
    name: ({ nav }) => nav.contacts,
    icon: Contact,
    component: lazy(() => import("@/features/contacts/contacts-page")),
    detail: ContactCard,
    group: "work",
  },
  {
    path: "/calendar",
    name: ({ nav }) => nav.calendar,
    icon: CalendarDays,
    component: lazy(() => import("@/features/calendar/calendar-page")),
    group: "work",
    phone: true,
    key: "c",
  },
  {
    path: "/issues",
    name: ({ nav }) => nav.issues,
    icon: CircleAlert,
    component: lazy(() => import("@/features/issues/issues-page")),
    group: "watch",
  },
  {
    path: "/reconciliation",
    name: ({ nav }) => nav.reconciliation,
    icon: GitCompareArrows,
    component: lazy(() => import("@/features/reconciliation/reconciliation-page")),
    group: "watch",
    managers: true,
  },
  {
    path: "/system",
    name: ({ nav }) => nav.system,
    icon: Waypoints,
    component: lazy(() => import("@/features/system/system-page")),
    group: "watch",
  },
  {
    path: "/settings",
    name: ({ nav }) => nav.settings,
    icon: Settings,
    component: lazy(() => import("@/features/settings/settings-page")),
    group: "watch",
  },
  {
    path: "/components",
    name: ({ nav }) => nav.components,
    icon: LayoutGrid,
    component: lazy(() => import("@/features/gallery/gallery-page")),
    group: "watch",
  },
];

/** A job, by the id of its booking: reached from calendar and cards. */
export const JobPage = lazy(() => import("@/features/job/job-page"));
