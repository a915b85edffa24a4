import { act, fireEvent, screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";

import IssuesPage from "@/features/issues/issues-page";
import { EditPerson } from "@/parts/edit-person";
import { toContact } from "@/api/persons";
import type { SyncClient } from "@/sync/client";
import { LeadStatusButton } from "@/ui/buttons/lead-status-button";
import { en as messages } from "@/ui/messages";
import { STAFF } from "./support/me";
import { renderFor, settled } from "./support/render";
import { frozenWorld, states, type World } from "./support/world";

const KEN = { id: "u-ken", email: "ken.ito@gleam.example" };

/** Row 6 of the complaints: what was written offline never silently replaces what others wrote. */
describe("an edit that meets a newer row", () => {
  let world: World;
  let tab: SyncClient;
  beforeEach(async () => {
    world = frozenWorld();
    world.server.commit("contacts", "c1", {
      name: "Jane",
      phone: "+13125550142",
      lead_status: "new",
      notes: "Old",
    });
    tab = await world.liveTab(["contacts", "leads"]);
    tab.rows.seed([{ table: "contacts", id: "c1", row: world.server.row("contacts", "c1") ?? {} }]);
    return () => world.end();
  });

  const row = (): Readonly<Record<string, unknown>> => world.server.row("contacts", "c1") ?? {};
  const refuse = (table: "contacts" | "leads", id: string): void => {
    const now = world.server.row(table, id);
    world.server.faults.push({
      kind: "status",
      status: 409,
      body: { success: false, code: "VERSION_CONFLICT", error: "x", [table.slice(0, -1)]: now },
    });
  };

  /** Somebody writes new notes without a network. */
  async function editOffline(): Promise<void> {
    await act(() => world.goOffline());
    const person = toContact(row());
    if (person === null) throw new Error("No contact");
    const form = renderFor(
      tab,
      <EditPerson table="contacts" person={person} onClose={() => form.unmount()} />,
    );
    fireEvent.change(screen.getByLabelText(/^Notes/), { target: { value: "Mine" } });
    fireEvent.click(screen.getByRole("button", { name: messages.form.save }));
    await settled();
  }

  async function back(): Promise<void> {
    await act(() => world.goOnline());
    await settled(100);
  }

  it("of another field is kept beside it: sent again upon the new version, with the same key", async () => {
    await editOffline();
    const before = row().version;
    world.server.commit("contacts", "c1", { email: "jane@roe.example" }, { actor: KEN });
    refuse("contacts", "c1");
    world.server.faults.push({
      kind: "status",
      status: 200,
      body: { success: true, contact: { id: "c1", version: 9_999 } },
    });
    await back();
    expect(states(tab)).toEqual([]);
    expect(world.server.presses.map(({ body }) => body)).toEqual([
      { notes: "Mine", expectedVersion: before },
      { notes: "Mine", expectedVersion: row().version },
    ]);
    expect(new Set(world.server.presses.map(({ key }) => key)).size).toBe(1);
  });

  it("of the same field waits for a choice: both values, whose and when, after a reload as well", async () => {
    await editOffline();
    world.server.commit(
      "contacts",
      "c1",
      { notes: "Theirs", updated_at: "2026-06-01T14:00:00Z" },
      { actor: KEN },
    );
    refuse("contacts", "c1");
    await back();
    tab.stop();
    const reloaded = await world.liveTab(["contacts"]);
    renderFor(reloaded, <IssuesPage />, STAFF);
    await settled();
    const edit = document.querySelector<HTMLElement>("[data-edit-key]") ?? document.body;
    expect(edit.textContent).toMatch(/Jane · changed Jun 1, 9:00\sAM/);
    expect(within(edit).getByText("By Ken Ito")).toBeTruthy();
    expect(
      within(edit)
        .getAllByRole("cell")
        .map(({ textContent }) => textContent),
    ).toEqual(["notes", "Mine", "Theirs"]);
    world.server.faults.push({
      kind: "status",
      status: 200,
      body: { success: true, contact: { id: "c1", version: 9_999 } },
    });
    fireEvent.click(within(edit).getByRole("button", { name: messages.edits.useMine }));
    await settled(100);
    expect(world.server.presses.at(-1)?.body).toEqual({
      notes: "Mine",
      expectedVersion: row().version,
    });
    expect(document.querySelector("[data-edit-key]")).toBeNull();
  });

  it("leaves theirs when the person says so", async () => {
    await editOffline();
    world.server.commit("contacts", "c1", { notes: "Theirs" }, { actor: KEN });
    refuse("contacts", "c1");
    await back();
    renderFor(tab, <IssuesPage />, STAFF);
    await settled();
    fireEvent.click(screen.getByRole("button", { name: messages.edits.keepTheirs }));
    await settled();
    expect(states(tab)).toEqual([]);
    expect(world.server.presses).toHaveLength(1);
  });

  it("is not sent for ever to a server that refuses its own version", async () => {
    await editOffline();
    refuse("contacts", "c1");
    await back();
    expect(world.server.presses).toHaveLength(1);
    expect(states(tab)).toEqual(["rejected"]);
  });

  it("holds for the status of a lead that was pressed offline, and shows both", async () => {
    act(() => void world.server.commit("leads", "l1", { status: "new", name: "Ann" }));
    await act(() => world.goOffline());
    const button = renderFor(tab, <LeadStatusButton leadId="l1" currentStatus="new" />);
    fireEvent.click(screen.getByRole("button"));
    fireEvent.click(screen.getByRole("menuitem", { name: "Contacted", hidden: true }));
    await settled();
    world.server.commit("leads", "l1", { status: "negotiating" }, { actor: KEN });
    refuse("leads", "l1");
    await back();
    expect(button.container.textContent).toContain("Negotiating");
    button.unmount();
    renderFor(tab, <IssuesPage />, STAFF);
    await settled();
    const cells = screen.getAllByRole("cell").map(({ textContent }) => textContent);
    expect(cells).toEqual(["status", "contacted", "negotiating"]);
  });
});
