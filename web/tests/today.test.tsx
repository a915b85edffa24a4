import { act, fireEvent, screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";

import { TodayPage } from "@/features/today/today-page";
import type { SyncClient } from "@/sync/client";
import { SETTLED_AFTER_MS } from "@/sync/realtime";
import { en as messages } from "@/ui/messages";
import { OfflineIndicator } from "@/ui/offline-indicator";
import { book, serveBookings } from "./support/bookings";
import { ANNA, BEN } from "./support/fake-types";
import { passed, renderFor, settled } from "./support/render";
import { frozenWorld, type World } from "./support/world";

describe("today page", () => {
  let world: World;
  let tab: SyncClient;
  beforeEach(() => {
    world = frozenWorld();
    add("a1", "2026-06-01T16:00:00Z", { contact_name: "Jane Roe", contact_phone: "+13125550142" });
    add("a2", "2026-06-02T15:00:00Z", { contact_name: "Max Poe", status: "confirmed" });
    serveBookings(world.server);
    return () => world.end();
  });

  const add = (id: string, start: string, more: Record<string, unknown> = {}): void =>
    book(world.server, id, start, more);
  const row = (id: string): HTMLElement => {
    const found = document.querySelector<HTMLElement>(`[data-appointment-id="${id}"]`);
    if (found === null) throw new Error(`No row ${id}`);
    return found;
  };
  const confirmIn = (id: string): HTMLElement =>
    within(row(id)).getByRole("button", { name: /^Confirm/ });

  async function show(): Promise<void> {
    tab = await world.tab();
    renderFor(
      tab,
      <>
        <TodayPage />
        <OfflineIndicator />
      </>,
    );
    await settled();
  }

  it("shows the day in the zone of the business, and what is to be confirmed of the next", async () => {
    add("a3", "2026-06-03T15:00:00Z", { contact_name: "Later Person" });
    await show();
    expect(row("a1").textContent).toMatch(/11:00\sAM/);
    expect(row("a1").dataset).toMatchObject({ appointmentId: "a1", status: "pending" });
    expect(document.querySelector("[data-appointment-id=a2]")).toBeNull();
    expect(screen.getByTestId("to-confirm").textContent).toBe("2");
    const later = document.querySelector<HTMLElement>("[data-pending-id=a3]");
    expect(later?.textContent).toContain("Later Person");
    expect(document.querySelector("[data-pending-id=a1]")).toBeNull();
    expect(screen.getByTestId("summary").textContent).toContain("1 today · 2 to confirm · next");
  });

  it("asks for the days of the business, not of UTC, page by page", async () => {
    const pages = ["next", null];
    world.server.lists.set("/api/appointments", () => ({
      success: true,
      appointments: [],
      cursor: pages.shift(),
    }));
    await show();
    const asked = world.server.seen
      .map(({ path }) => decodeURIComponent(path))
      .filter((path) => path.includes("from"));
    const range =
      "/api/appointments?limit=200&from=2026-06-01T05:00:00.000Z&to=2026-06-08T05:00:00.000Z";
    expect(asked.slice(0, 2)).toEqual([range, `${range}&cursor=next`]);
    expect(screen.getByText(messages.today.empty)).toBeTruthy();
  });

  it("shows new, changed and deleted appointments as they happen", async () => {
    await show();
    act(() => add("a3", "2026-06-01T18:00:00Z", { contact_name: "New Caller" }));
    act(() => add("a2", "2026-06-01T19:00:00Z", { status: "cancelled" }));
    act(() => void world.server.commit("appointments", "a1", null));
    expect(row("a3").textContent).toContain("New Caller");
    expect(row("a2").dataset.status).toBe("cancelled");
    expect(document.querySelector("[data-appointment-id=a1]")).toBeNull();
    expect(screen.getByTestId("connection").dataset.connection).toBe("live");
  });

  it("moves an appointment to its new day", async () => {
    await show();
    act(() => void world.server.commit("appointments", "a1", { start: "2026-06-02T13:00:00Z" }));
    expect(document.querySelector("[data-appointment-id=a1]")).toBeNull();
    expect(document.querySelector("[data-pending-id=a1]")).not.toBeNull();
    act(() => void world.server.commit("appointments", "a1", { start: "2026-07-02T13:00:00Z" }));
    expect(document.querySelector("[data-pending-id=a1]")).toBeNull();
  });

  it("shows a status of a later release as it is, and says what it cannot show", async () => {
    await show();
    act(() => void world.server.commit("appointments", "a1", { status: "rescheduled_twice" }));
    await passed(7_000, 1_000);
    expect(row("a1").textContent).toContain("rescheduled twice");
    act(() => void world.server.commit("appointments", "a1", { end: "whenever" }));
    expect(screen.getByRole("alert").textContent).toContain(messages.list.tooOld(1));
  });

  it("knows no numbers before a list was read, whatever the socket tells", async () => {
    world.server.away.add("/api/appointments");
    await show();
    await passed(4_000);
    act(() => add("a9", "2026-06-01T18:00:00Z"));
    expect(screen.getByRole("alert").textContent).toContain(
      messages.list.failed(messages.today.title),
    );
    expect(screen.queryByTestId("to-confirm")).toBeNull();
    expect(screen.queryByTestId("summary")).toBeNull();
  });

  it("flashes who changed a row, for a while, and not when it was me", async () => {
    await show();
    act(
      () => void world.server.commit("appointments", "a1", { notes: "Call first" }, { actor: BEN }),
    );
    expect(within(row("a1")).getByTestId("flash").textContent).toBe(
      messages.flash.updatedBy("Ben"),
    );
    await passed(6_000, 1_000);
    expect(within(row("a1")).queryByTestId("flash")).toBeNull();
    act(() => void world.server.commit("appointments", "a1", { notes: "Done" }, { actor: ANNA }));
    expect(within(row("a1")).queryByTestId("flash")).toBeNull();
  });

  it("says aloud when somebody else changed the status", async () => {
    await show();
    act(
      () => void world.server.commit("appointments", "a1", { status: "no_show" }, { actor: BEN }),
    );
    expect(screen.getByTestId("live-region").textContent).toContain(
      "Updated by Ben: Jane Roe is No show",
    );
  });

  it("confirms, keeps the focus in the row, and shows by whom", async () => {
    await show();
    confirmIn("a1").focus();
    fireEvent.click(confirmIn("a1"));
    await settled();
    expect(row("a1").dataset).toMatchObject({ status: "confirmed", tentative: "false" });
    expect(document.activeElement).toBe(row("a1"));
    expect(screen.getByTestId("live-region").textContent).toContain(messages.confirmBooking.done);
    expect(screen.getByTestId("to-confirm").textContent).toBe("0");
  });

  it("shows a confirmation that waits as expected, and takes it back when it is refused", async () => {
    await show();
    await act(() => world.goOffline());
    fireEvent.click(confirmIn("a1"));
    await settled();
    expect(row("a1").dataset).toMatchObject({ status: "confirmed", tentative: "true" });
    expect(screen.getByTestId("offline-indicator").dataset.queued).toBe("1");
    world.server.commit("appointments", "a1", { status: "cancelled" });
    world.server.faults.push({
      kind: "status",
      status: 409,
      body: {
        success: false,
        code: "APPOINTMENT_CANCELLED",
        error: "Appointment is cancelled",
        appointment: world.server.row("appointments", "a1"),
      },
    });
    await act(() => world.goOnline());
    await settled();
    expect(row("a1").dataset).toMatchObject({ status: "cancelled", tentative: "false" });
    expect(screen.getByTestId("offline-banner").textContent).toContain(messages.queue.rejected(1));
  });

  it("shows that it is loading, then what went wrong, and tries again", async () => {
    const { lists } = world.server;
    lists.clear();
    tab = await world.tab();
    renderFor(tab, <TodayPage />);
    expect(screen.getByTestId("loading")).toBeTruthy();
    expect(screen.queryByTestId("to-confirm")).toBeNull();
    await settled();
    expect(screen.getByRole("alert").textContent).toContain(
      messages.list.failed(messages.today.title),
    );
    serveBookings(world.server);
    fireEvent.click(
      within(screen.getByRole("alert")).getByRole("button", { name: messages.button.retry }),
    );
    await settled();
    expect(row("a1")).toBeTruthy();
  });

  it("says how old it is while it is not live, shows what it knows, and is new after a refresh", async () => {
    await show();
    await passed(SETTLED_AFTER_MS);
    expect(screen.queryByTestId("freshness")).toBeNull();
    world.server.autoAccept = false;
    act(() => world.server.socket.break());
    await passed(12_000, 1_000);
    expect(screen.getByTestId("freshness").textContent).toBe(messages.freshness.seconds(12));
    fireEvent.click(screen.getByRole("button", { name: messages.button.refresh }));
    await passed(1_000);
    expect(screen.getByTestId("freshness").textContent).toBe(messages.freshness.now);
    world.server.lists.clear();
    fireEvent.click(screen.getByRole("button", { name: messages.button.refresh }));
    await settled();
    expect(row("a1")).toBeTruthy();
    expect(screen.getByRole("alert").textContent).toContain(messages.list.failedButShown);
  });

  it("shows the next day after midnight", async () => {
    await show();
    await passed(14 * 3_600_000, 60_000 * 10);
    await passed(60_000, 5_000);
    expect(document.querySelector("[data-appointment-id=a1]")).toBeNull();
    expect(row("a2").dataset.status).toBe("confirmed");
  });

  it("reads the list again when changes were missed", async () => {
    await show();
    world.server.socket.break();
    world.server.autoPush = false;
    world.server.commit("appointments", "a1", null);
    world.server.oldestCursor = 5_000;
    await passed(2_000);
    expect(document.querySelector("[data-appointment-id=a1]")).toBeNull();
  });

  it("polls while the socket is down", async () => {
    await show();
    world.server.autoAccept = false;
    act(() => world.server.socket.break());
    world.server.autoPush = false;
    world.server.commit("appointments", "a1", { status: "cancelled" });
    await passed(21_000, 1_000);
    expect(row("a1").dataset.status).toBe("cancelled");
    expect(screen.getByTestId("connection").dataset.connection).not.toBe("live");
  });
});
