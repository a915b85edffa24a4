import { fireEvent, screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";

import IssuesPage from "@/features/issues/issues-page";
import JobPage from "@/features/job/job-page";
import ReconciliationPage from "@/features/reconciliation/reconciliation-page";
import type { SyncClient } from "@/sync/client";
import { en as messages } from "@/ui/messages";
import { passed, renderFor, settled } from "./support/render";
import { frozenWorld, type World } from "./support/world";

const POINT = { id: "wash", label: "Wash and dry", done: false };

describe("what comes from Square", () => {
  let world: World;
  let tab: SyncClient;
  beforeEach(async () => {
    world = frozenWorld();
    tab = await world.liveTab(["jobs"]);
    return () => world.end();
  });

  const answer = (status: number, body: Record<string, unknown>): void => {
    world.server.faults.push({ kind: "status", status, body: { success: status < 300, ...body } });
  };
  const press = async (name: string | RegExp): Promise<void> => {
    fireEvent.click(screen.getByRole("button", { name }));
    await settled();
  };

  it("is a job: its step, its points and its notes are the staff's, the rest is locked", async () => {
    world.server.commit("jobs", "job_1", {
      workStatus: "checked_in",
      statusHistory: [
        {
          from: "scheduled",
          to: "checked_in",
          at: "2026-06-01T14:00:00Z",
          by: { id: "u-ken", email: "ken.ito@gleam.example" },
        },
      ],
      checklist: { tech: [POINT], qc: [] },
      photosMeta: [],
      receiptPhotos: [],
      vehicleInfo: { year: 2017, make: "Mazda", model: "CX-5", color: "Gray" },
      createdBy: "webhook",
      start: "2026-06-01T14:00:00Z",
      end: "2026-06-01T16:00:00Z",
      serviceType: "Interior detail",
      booking_status: "ACCEPTED",
      customerCached: { id: "sq1", name: "Priya Silva", phone: "+13125550155" },
    });
    const version = world.server.row("jobs", "job_1")?.version;
    world.server.lists.set("/api/jobs/job_1", () => ({ job: world.server.row("jobs", "job_1") }));
    renderFor(tab, <JobPage id="job_1" />);
    await settled();
    expect(screen.getByText("2017 Mazda CX-5 · Gray")).toBeTruthy();
    expect(screen.getByText(/Ken Ito/)).toBeTruthy();
    expect(screen.queryByRole("textbox", { name: messages.job.service })).toBeNull();
    answer(200, { job: { id: "job_1", workStatus: "in_progress", version: 9_997 } });
    await press(messages.job.steps.in_progress ?? "");
    fireEvent.click(screen.getByRole("checkbox", { name: "Wash and dry" }));
    await settled();
    fireEvent.change(screen.getByRole("textbox"), { target: { value: "Scratch, left door" } });
    await press(messages.job.save);
    expect(world.server.presses.map(({ method, body }) => [method, body])).toMatchObject([
      ["PATCH", { workStatus: "in_progress" }],
      ["PATCH", { checklist: { tech: [{ ...POINT, done: true }] } }],
      ["PATCH", { notes: "Scratch, left door" }],
    ]);
    expect(version).toBeGreaterThan(0);
  });

  it("is looked at first, and applied as it was seen", async () => {
    const run = {
      id: "r1",
      created_at: "2026-06-01T14:00:00Z",
      trigger: "staff",
      window: { from: "2026-06-01T05:00:00Z", to: "2026-06-16T05:00:00Z" },
      scanned: 12,
      created: 0,
      updated: 1,
      conflicts: 0,
      duration_ms: 900,
      errors: [],
      plan_hash: "0123456789abcdef0123456789abcdef",
      rows: [
        {
          id: "job_1",
          action: "update",
          changes: { serviceType: { before: "Wash", after: "Full detail" } },
        },
      ],
    };
    world.server.lists.set("/api/reconcile/runs", () => ({
      runs: [{ ...run, status: "held", dry_run: false, held_for: "Square lists nothing." }],
    }));
    let status = "running";
    world.server.lists.set("/api/reconcile/runs/r1", () => ({
      run: { ...run, status, dry_run: true },
    }));
    renderFor(tab, <ReconciliationPage />);
    await settled();
    const apply = screen.getByRole<HTMLButtonElement>("button", {
      name: messages.reconciliation.run,
    });
    expect(apply.disabled).toBe(true);
    answer(200, { run: { id: "r1" } });
    await press(messages.reconciliation.look);
    status = "ok";
    await passed(2_000, 500);
    const report = within(screen.getByTestId("report"));
    expect(report.getAllByRole("cell").map(({ textContent }) => textContent)).toEqual([
      "job_1",
      "serviceType",
      "Wash",
      "Full detail",
    ]);
    answer(200, { run: { id: "r1" } });
    await press(messages.reconciliation.run);
    answer(200, { run: { id: "r1" } });
    await press(messages.reconciliation.release);
    fireEvent.click(screen.getByTestId("dialog-confirm"));
    await settled();
    const window = { from: "2026-06-01T05:00:00.000Z", to: "2026-06-16T05:00:00.000Z" };
    expect(world.server.presses.map(({ path, body }) => [path, body])).toEqual([
      ["/api/reconcile", { ...window, dryRun: true }],
      ["/api/reconcile", { ...window, plan: run.plan_hash }],
      ["/api/reconcile", { releaseRunId: "r1" }],
    ]);
  });

  it("is a conflict with both sides, and one choice", async () => {
    world.server.lists.set("/api/sms/failed", () => ({ sms_messages: [] }));
    world.server.lists.set("/api/conflicts", () => ({
      conflicts: [
        {
          id: "job_1:appointmentTime",
          job_id: "job_1",
          field: "appointmentTime",
          kind: "edited",
          state: "open",
          ours: "2026-06-01T14:00:00Z",
          square: "2026-06-01T15:00:00Z",
          met_at: "2026-06-01T13:00:00Z",
        },
      ],
    }));
    renderFor(tab, <IssuesPage />);
    await settled();
    const cells = screen.getAllByRole("cell").map(({ textContent }) => textContent);
    expect(cells[0]).toBe("appointment time");
    expect(cells[1]).toMatch(/9:00\sAM/);
    expect(cells[2]).toMatch(/10:00\sAM/);
    answer(200, { conflict: { id: "job_1:appointmentTime" } });
    await press(messages.issues.takeTheirs);
    expect(world.server.presses.map(({ path, body }) => [decodeURIComponent(path), body])).toEqual([
      ["/api/conflicts/job_1:appointmentTime/resolve", { choice: "square" }],
    ]);
  });
});
