import { act, fireEvent, screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";

import { toAppointment, type Appointment } from "@/api/appointments";
import { BookButton } from "@/parts/book-button";
import { MoveDialog } from "@/parts/move-dialog";
import type { SyncClient } from "@/sync/client";
import { editConflictOf } from "@/sync";
import { en as messages } from "@/ui/messages";
import { book } from "./support/bookings";
import { renderFor, settled } from "./support/render";
import { frozenWorld, type World } from "./support/world";

const NINE = "2026-06-01T14:00:00Z";
const TEN = "2026-06-01T15:00:00Z";
const ELEVEN = "2026-06-01T16:00:00Z";

describe("moving a booking", () => {
  let world: World;
  let tab: SyncClient;
  beforeEach(async () => {
    world = frozenWorld();
    book(world.server, "a1", NINE, { start: NINE, resource: "bay-1" });
    tab = await world.liveTab();
    act(() => book(world.server, "a1", NINE, { start: NINE, resource: "bay-1" }));
    return () => world.end();
  });

  const shown = (): Appointment => {
    const found = toAppointment(tab.rows.get("appointments", "a1")?.row ?? {});
    if (found === null) throw new Error("The booking is not known");
    return found;
  };

  /** Opens the form at nine; chooses eleven. */
  async function choose(): Promise<void> {
    const slot = { day: "2026-06-01", time: "09:00", resource: "bay-1" };
    renderFor(tab, <MoveDialog booking={shown()} slot={slot} onClose={() => undefined} />);
    fireEvent.change(screen.getByLabelText(messages.calendar.time), { target: { value: "11:00" } });
    await settled();
  }

  async function press(): Promise<void> {
    fireEvent.click(screen.getByRole("button", { name: messages.calendar.move }));
    await settled();
  }

  /** What the server answers to a version that is no longer true. */
  function refuse(appointment: unknown): void {
    const body = { success: false, code: "VERSION_CONFLICT", error: "x", appointment };
    world.server.faults.push({ kind: "status", status: 409, body });
  }

  it("is refused where somebody else has moved it since it began, and shows it as it is", async () => {
    const before = world.server.row("appointments", "a1")?.version;
    await choose();
    act(() => void world.server.commit("appointments", "a1", { start: TEN }));
    refuse(world.server.row("appointments", "a1"));
    await press();
    expect(world.server.presses.map(({ body }) => body)).toEqual([
      { appointmentId: "a1", start: ELEVEN, expectedVersion: before },
    ]);
    expect(screen.getByText(messages.errors.VERSION_CONFLICT ?? "")).toBeTruthy();
    expect(shown().start).toBe(TEN);
    const [item] = tab.outbox.snapshot.items;
    const fields = item === undefined ? undefined : editConflictOf(item)?.fields;
    expect(fields).toEqual([{ name: "start", mine: ELEVEN, theirs: TEN }]);
  });

  it("goes on upon the newer row where they have only confirmed it", async () => {
    await choose();
    act(() => void world.server.commit("appointments", "a1", { status: "confirmed" }));
    refuse(world.server.row("appointments", "a1"));
    const now = world.server.row("appointments", "a1")?.version;
    await press();
    expect(world.server.presses.map(({ body }) => body).at(-1)).toEqual({
      appointmentId: "a1",
      start: ELEVEN,
      expectedVersion: now,
    });
  });
});

describe("booking for somebody", () => {
  let world: World;
  let tab: SyncClient;
  const ann = { id: "c1", name: "Ann Lee", phone: "+13125550142" };
  beforeEach(async () => {
    world = frozenWorld();
    const contact = { ...ann, version: 1, lead_status: "new" };
    world.server.lists.set("/api/contacts", () => ({ success: true, contacts: [contact] }));
    tab = await world.tab();
    return () => world.end();
  });

  async function send(table: "leads" | "contacts", id: string): Promise<unknown> {
    renderFor(tab, <BookButton customer={{ ...ann, table, id }} />);
    fireEvent.click(screen.getByRole("button", { name: messages.book.label }));
    await settled();
    const form = within(screen.getByRole("dialog"));
    expect(form.getByLabelText<HTMLInputElement>(messages.book.customer).value).toBe("Ann Lee");
    fireEvent.change(form.getByLabelText(messages.calendar.time), { target: { value: "11:00" } });
    fireEvent.click(form.getByRole("button", { name: messages.book.label }));
    await settled();
    return world.server.presses[0]?.body;
  }

  it("names the contact from whose card it was opened", async () => {
    expect(await send("contacts", "c1")).toMatchObject({ contactId: "c1" });
  });

  it("takes name and number of a lead, whatever contact has the same name", async () => {
    const body = await send("leads", "l1");
    expect(body).toMatchObject({ name: "Ann Lee", phone: "+13125550142" });
    expect(body).not.toHaveProperty("contactId");
  });
});
