/** Who looks at the pages of a test, and their business. */

import { toMe, type Me } from "@/api/me";

const OPEN = [["07:00", "19:00"]];

export const OWNER: Me = toMe({
  id: "u-anna",
  email: "anna.lee@gleam.example",
  org_id: "org-1",
  roles: ["owner"],
  org: {
    name: "Gleam Detailing",
    time_zone: "America/Chicago",
    services: [
      { id: "svc_wash", name: "Wash", duration_minutes: 60 },
      { id: "svc_full", name: "Full detail", duration_minutes: 240 },
    ],
    resources: [
      { id: "bay-1", name: "Bay 1" },
      { id: "bay-2", name: "Bay 2" },
    ],
    opening_hours: { mon: OPEN, tue: OPEN, wed: OPEN, thu: OPEN, fri: OPEN, sat: OPEN, sun: OPEN },
  },
});

export const STAFF: Me = { ...OWNER, roles: ["staff"] };
