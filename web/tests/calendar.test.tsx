import { act, fireEvent, screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import CalendarPage from "@/features/calendar/calendar-page";
import { en as messages } from "@/ui/messages";
import { book, serveBookings } from "./support/bookings";
import { renderFor, settled } from "./support/render";
import { frozenWorld, type World } from "./support/world";

const HOUR_PX = 60;
const OPENS = 7;

describe("the calendar page", () => {
  let world: World;
  beforeEach(() => {
    world = frozenWorld();
    serveBookings(world.server);
    world.server.lists.set("/api/contacts", () => ({
      success: true,
      contacts: [
        { id: "c1", version: 1, name: "Jane Roe", phone: "+13125550142", lead_status: "new" },
      ],
      cursor: null,
    }));
    history.replaceState(null, "", "/");
    return () => {
      history.replaceState(null, "", "/");
      world.end();
    };
  });

  async function show(query = ""): Promise<void> {
    history.replaceState(null, "", `/${query}`);
    renderFor(await world.tab(), <CalendarPage />);
    await settled();
  }

  const box = (id: string): HTMLElement =>
    document.querySelector<HTMLElement>(`[data-appointment-id=${id}]`) ?? document.body;
  /** Where a box begins, by the hours at the side. */
  const hourOf = (id: string): number =>
    OPENS + parseFloat(box(id).parentElement?.style.top ?? "") / HOUR_PX;
  const holds = (list: readonly unknown[]): void => {
    world.server.lists.set("/api/calendar", () => ({ success: true, holds: list }));
  };
  const column = (key: string): HTMLElement =>
    document.querySelector<HTMLElement>(`[data-column="${key}"]`) ?? document.body;

  // Row 10 of the complaints: the clocks change at two on these Sundays, before the business opens.
  describe.each([
    ["spring", "2026-03-08", "2026-03-08T14:30:00Z"],
    ["autumn", "2026-11-01", "2026-11-01T15:30:00Z"],
  ])("on the Sunday of %s", (_, day, nineThirty) => {
    beforeEach(() => {
      vi.setSystemTime(new Date(nineThirty));
      book(world.server, "a1", nineThirty, { resource: "bay-1" });
    });

    it("stands at half past nine by the wall, in the day and in the week", async () => {
      await show(`?date=${day}`);
      expect(hourOf("a1")).toBe(9.5);
      expect(box("a1").textContent).toMatch(/9:30\sAM/);
      fireEvent.click(screen.getByRole("button", { name: messages.calendar.week }));
      await settled();
      expect(hourOf("a1")).toBe(9.5);
      expect(box("a1").closest("[data-column]")?.getAttribute("data-column")).toBe(day);
    });

    it("has its now-line at the same height as what begins now", async () => {
      await show(`?date=${day}`);
      const line = column("bay-1").querySelector<HTMLElement>("[data-now]");
      expect(line?.style.top).toBe(box("a1").parentElement?.style.top);
    });

    it("puts down where it was dropped, at the instant of that day", async () => {
      await show(`?date=${day}`);
      // Nothing is laid out here: both columns say where they are.
      for (const [index, bay] of ["bay-1", "bay-2"].entries())
        column(bay).getBoundingClientRect = () => new DOMRect(index * 200, 0, 200, 720);
      fireEvent.pointerDown(box("a1"), {
        button: 0,
        clientX: 50,
        clientY: 100,
        pointerType: "mouse",
      });
      fireEvent.pointerMove(document.body, { clientX: 250, clientY: 220 });
      fireEvent.pointerUp(document.body, { clientX: 250, clientY: 220 });
      // The browser's own click at the end of a drag opens nothing.
      fireEvent.click(box("a1"));
      await settled();
      expect(location.search).not.toContain("sheet");
      expect(screen.getByRole("dialog").textContent).toMatch(/9:30\sAM → .*11:30\sAM, Bay 2/);
      world.server.faults.push({
        kind: "status",
        status: 409,
        body: {
          success: false,
          code: "SLOT_TAKEN",
          error: "x",
          slots: [{ start: nineThirty.replace(":30:", ":45:") }],
        },
      });
      fireEvent.click(screen.getByTestId("dialog-confirm"));
      await settled();
      expect(screen.getByRole("alert").textContent).toMatch(/9:45\sAM/);
      const [at = ""] = new Date(Date.parse(nineThirty) + 7_200_000).toISOString().split(".");
      expect(world.server.presses[0]).toMatchObject({
        path: "/api/bookings/reschedule",
        body: { appointmentId: "a1", start: `${at}Z`, resource: "bay-2" },
      });
    });
  });

  it("does nothing for a press without a move, and for one let go where it began", async () => {
    book(world.server, "a1", "2026-06-01T16:00:00Z", { resource: "bay-1" });
    await show();
    column("bay-1").getBoundingClientRect = () => new DOMRect(0, 0, 200, 720);
    for (const to of [102, 103]) {
      fireEvent.pointerDown(box("a1"), {
        button: 0,
        clientX: 50,
        clientY: 100,
        pointerType: "mouse",
      });
      fireEvent.pointerMove(document.body, { clientX: 60, clientY: 110 });
      fireEvent.pointerMove(document.body, { clientX: 50, clientY: to });
      fireEvent.pointerUp(document.body, { clientX: 50, clientY: to });
    }
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(world.server.presses).toEqual([]);
  });

  it("is moved by the keyboard alone: a quarter, a bay, or any time", async () => {
    book(world.server, "a1", "2026-06-01T16:00:00Z", { resource: "bay-1", contact_name: "Jane" });
    await show();
    box("a1").focus();
    fireEvent.keyDown(box("a1"), { key: "ArrowRight", shiftKey: true });
    const dialog = within(screen.getByRole("dialog"));
    expect(dialog.getByLabelText<HTMLSelectElement>(messages.book.bay).value).toBe("bay-2");
    fireEvent.change(dialog.getByLabelText(messages.calendar.time), { target: { value: "13:45" } });
    world.server.faults.push({
      kind: "status",
      status: 409,
      body: {
        success: false,
        code: "SLOT_TAKEN",
        error: "This time was just taken.",
        slots: [{ slotId: "s1", start: "2026-06-01T19:00:00Z" }],
      },
    });
    fireEvent.click(dialog.getByRole("button", { name: messages.calendar.move }));
    await settled();
    expect(world.server.presses[0]?.body).toMatchObject({
      appointmentId: "a1",
      start: "2026-06-01T18:45:00Z",
      resource: "bay-2",
    });
    // Put back where it was, and the next free time one press away.
    expect(hourOf("a1")).toBe(11);
    const free = dialog.getByRole("button", { name: /2:00\sPM/ });
    fireEvent.click(free);
    expect(dialog.getByLabelText<HTMLInputElement>(messages.calendar.time).value).toBe("14:00");
  });

  it("books for a contact at the time that was clicked", async () => {
    await show();
    column("bay-2").getBoundingClientRect = () => new DOMRect(0, 0, 200, 720);
    fireEvent.click(column("bay-2"), { clientY: 3.6 * HOUR_PX });
    await settled();
    const dialog = within(screen.getByRole("dialog"));
    expect(dialog.getByLabelText<HTMLInputElement>(messages.calendar.time).value).toBe("10:30");
    expect(dialog.getByLabelText<HTMLSelectElement>(messages.book.bay).value).toBe("bay-2");
    const customer = dialog.getByLabelText(messages.book.customer);
    fireEvent.change(customer, { target: { value: "jane roe" } });
    expect(dialog.queryByLabelText(messages.form.phone)).toBeNull();
    fireEvent.change(dialog.getByLabelText(messages.book.service), {
      target: { value: "svc_full" },
    });
    world.server.faults.push({
      kind: "status",
      status: 200,
      body: { success: true, appointment: { id: "new", version: 9_999 } },
    });
    fireEvent.click(dialog.getByRole("button", { name: messages.book.label }));
    await settled();
    expect(world.server.presses[0]).toMatchObject({
      path: "/api/bookings",
      body: {
        contactId: "c1",
        serviceId: "svc_full",
        start: "2026-06-01T15:30:00.000Z",
        resource: "bay-2",
      },
    });
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(new URLSearchParams(location.search).get("sheet")).toBe("apt:new");
  });

  it("asks for the number of somebody new, and says why a time is not offered", async () => {
    await show();
    fireEvent.click(screen.getByRole("button", { name: messages.book.label }));
    await settled();
    const dialog = within(screen.getByRole("dialog"));
    const submit = dialog.getByRole("button", { name: messages.book.label });
    fireEvent.change(dialog.getByLabelText(messages.book.customer), {
      target: { value: "New Man" },
    });
    fireEvent.change(dialog.getByLabelText(messages.calendar.time), { target: { value: "06:00" } });
    fireEvent.click(submit);
    expect(dialog.getByText(messages.form.required)).toBeTruthy();
    fireEvent.change(dialog.getByLabelText(messages.form.phone), {
      target: { value: "+1 (919) 555-5555" },
    });
    world.server.faults.push({
      kind: "status",
      status: 409,
      body: { success: false, code: "SLOT_NOT_OFFERED", error: "x", reason: "closed", slots: [] },
    });
    fireEvent.click(submit);
    await settled();
    expect(world.server.presses[0]?.body).toMatchObject({ name: "New Man", phone: "+19195555555" });
    expect(dialog.getByRole("alert").textContent).toContain(messages.book.reasons.closed);
  });

  it("shows all bays, the hours that are closed, and holds with the minutes that are left", async () => {
    holds([
      {
        id: "hold#1",
        start: "2026-06-01T17:00:00Z",
        end: "2026-06-01T18:00:00Z",
        held_until: new Date(Date.now() + 9 * 60_000).toISOString(),
        resource: "bay-2",
        name: "Caller",
      },
      {
        id: "hold#2",
        start: "2026-06-01T19:00:00Z",
        end: "2026-06-01T20:00:00Z",
        held_until: new Date(Date.now() - 1_000).toISOString(),
        resource: "bay-2",
      },
    ]);
    await show();
    expect(screen.getByText("Bay 1")).toBeTruthy();
    expect(column("bay-2").textContent).toContain(`Caller${messages.calendar.holdLeft(9)}`);
    expect(column("bay-2").querySelectorAll("[data-hold-id]")).toHaveLength(1);
    act(() => void world.server.commit("appointments", "a9", { start: "2026-06-01T16:00:00Z" }));
    expect(document.querySelector("[data-appointment-id=a9]")).toBeNull();
  });
});
