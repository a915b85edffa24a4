import { act, fireEvent, screen, within } from "@testing-library/react";
import { Profiler } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import type { SyncClient } from "@/sync/client";
import { BookingConfirmButton } from "@/ui/buttons/booking-confirm-button";
import { CallBackButton, MarkBookedButton, MarkLostButton } from "@/ui/buttons/contact-buttons";
import { LeadStatusBulkUpdateButton } from "@/ui/buttons/lead-status-bulk-update-button";
import { LeadStatusButton } from "@/ui/buttons/lead-status-button";
import { SendSMSButton } from "@/ui/buttons/send-sms-button";
import { en as messages } from "@/ui/messages";
import { es } from "@/ui/messages/es";
import { MessagesProvider } from "@/ui/messages";
import { renderFor, settled } from "./support/render";
import { frozenWorld, type World } from "./support/world";

describe("the buttons", () => {
  let world: World;
  let tab: SyncClient;
  beforeEach(async () => {
    world = frozenWorld("a1");
    tab = await world.liveTab(["leads", "contacts"]);
    return () => world.end();
  });

  const answer = (body: Record<string, unknown>, status = 200): void => {
    world.server.faults.push({ kind: "status", status, body: { success: status < 207, ...body } });
  };
  const sent = (): unknown[] =>
    world.server.presses.map(({ method, path, body }) => [method, path, body]);
  const click = async (name: string | RegExp): Promise<void> => {
    fireEvent.click(screen.getByRole("button", { name }));
    await settled();
  };

  it("send a text to a lead, and a template to another", async () => {
    const onSuccess = vi.fn();
    answer({ sms: { id: "s1", message: "Hi", status: "pending" } });
    renderFor(tab, <SendSMSButton leadId="l1" message="Hi" onSuccess={onSuccess} />);
    await click(messages.sendSms.label);
    expect(sent()).toEqual([["POST", "/api/leads/send-sms", { leadId: "l1", message: "Hi" }]]);
    expect(onSuccess).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ id: "s1", status: "pending" }),
    );
  });

  it("send two texts for two presses offline", async () => {
    await act(() => world.goOffline());
    renderFor(tab, <SendSMSButton contactId="c1" message="Hi" />);
    await click(messages.sendSms.label);
    await click(messages.sendSms.label);
    expect(tab.outbox.snapshot.items).toMatchObject([
      { endpoint: "/api/contacts/c1/sms" },
      { endpoint: "/api/contacts/c1/sms" },
    ]);
  });

  it("move a lead where it may go, and ask before what is final", async () => {
    act(() => void world.server.commit("leads", "l1", { status: "new", name: "Ann" }));
    const expectedVersion = world.server.row("leads", "l1")?.version;
    renderFor(tab, <LeadStatusButton leadId="l1" currentStatus="new" context="Ann" />);
    fireEvent.click(screen.getByRole("button"));
    const items = screen
      .getAllByRole("menuitem", { hidden: true })
      .map(({ textContent }) => textContent);
    expect(items).toEqual([
      "Contacted",
      "Qualified",
      "Proposal sent",
      "Negotiating",
      "Won",
      "Lost",
    ]);
    fireEvent.click(screen.getByRole("menuitem", { name: "Won", hidden: true }));
    expect(screen.getByRole("dialog").textContent).toContain(messages.leadStatus.won);
    expect(world.server.presses).toEqual([]);
    answer({ lead: { id: "l1", status: "won", version: 9_999 } });
    fireEvent.click(within(screen.getByRole("dialog")).getByTestId("dialog-confirm"));
    await settled();
    const body = { leadId: "l1", status: "won", expectedVersion };
    expect(sent()).toEqual([["POST", "/api/leads/update-status", body]]);
    expect(screen.getByRole("button")).toHaveProperty("disabled", true);
  });

  it("open their menu by keys, and give the focus back", async () => {
    renderFor(tab, <LeadStatusButton leadId="l1" currentStatus="new" />);
    const button = screen.getByRole("button");
    button.focus();
    fireEvent.keyDown(button, { key: "ArrowDown" });
    expect(document.activeElement?.textContent).toBe("Contacted");
    fireEvent.keyDown(document.activeElement ?? button, { key: "n" });
    expect(document.activeElement?.textContent).toBe("Negotiating");
    fireEvent.keyDown(document.activeElement ?? button, { key: "Escape" });
    expect(screen.queryByRole("menu")).toBeNull();
    expect(document.activeElement).toBe(button);
    await settled();
  });

  it("move many leads at once, put back and name those that failed", async () => {
    for (const id of ["l1", "l2"])
      act(() => void world.server.commit("leads", id, { status: "new", name: id }));
    await act(() => world.goOffline());
    const heard = { onSuccess: vi.fn(), onError: vi.fn() };
    renderFor(
      tab,
      <LeadStatusBulkUpdateButton
        leadIds={["l1", "l2", "l1"]}
        targetStatus="contacted"
        {...heard}
      />,
    );
    const expectedVersions = Object.fromEntries(
      ["l1", "l2"].map((id) => [id, world.server.row("leads", id)?.version]),
    );
    await click(/Move 2 leads to Contacted/);
    expect(tab.rows.rows("leads").map(({ row }) => row.status)).toEqual(["contacted", "contacted"]);
    const failures = [{ leadId: "l2", code: "NOT_FOUND", error: "No such lead" }];
    answer(
      { updated: 1, failed: 1, message: "1 lead updated, 1 failed (not found)", failures },
      207,
    );
    await act(() => world.goOnline());
    await settled();
    const body = { leadIds: ["l1", "l2"], status: "contacted", expectedVersions };
    expect(world.server.presses[0]?.body).toEqual(body);
    expect(heard.onSuccess).not.toHaveBeenCalled();
    expect(heard.onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ code: "PARTIAL", failed: 1, updated: 1, failures }),
    );
    const list = screen.getByRole("list", { name: messages.bulk.failures });
    expect(list.textContent).toContain(messages.errors.NOT_FOUND);
  });

  it("note a call back, mark as booked, and ask before marking as lost", async () => {
    answer({ call_created: true, call: { id: "k1", contact_id: "c1", status: "requested" } });
    answer({ contact: { id: "c1", lead_status: "booked" } });
    answer({ contact: { id: "c1", lead_status: "lost" } });
    renderFor(
      tab,
      <>
        <CallBackButton contactId="c1" callNotes="Quote" />
        <MarkBookedButton contactId="c1" />
        <MarkLostButton contactId="c1" />
      </>,
    );
    await click(messages.callBack.label);
    await click(messages.markBooked.label);
    await click(messages.markLost.label);
    expect(world.server.presses).toHaveLength(2);
    fireEvent.click(screen.getByTestId("dialog-confirm"));
    await settled();
    expect(sent()).toEqual([
      ["POST", "/api/contacts/c1/call-back", { notes: "Quote" }],
      ["PATCH", "/api/contacts/c1", { lead_status: "booked" }],
      ["PATCH", "/api/contacts/c1", { lead_status: "lost" }],
    ]);
  });

  it("say who was first, and not as a failure, when it is as the person wanted it", async () => {
    world.server.commit("appointments", "a1", { status: "confirmed" });
    renderFor(tab, <BookingConfirmButton appointmentId="a1" />);
    await click(/^Confirm/);
    expect(document.body.textContent).toContain(messages.confirmBooking.already("Ben"));
    expect(document.querySelector("[class*=error]")).toBeNull();
  });

  it("speak Spanish", async () => {
    renderFor(
      tab,
      <MessagesProvider value={es}>
        <BookingConfirmButton appointmentId="a1" />
      </MessagesProvider>,
    );
    await click(es.confirmBooking.label);
    expect(screen.getByTestId("live-region").textContent.trim()).toBe(es.confirmBooking.done);
  });

  it("of a thousand rows draw the one that was pressed, and no other", async () => {
    world.server.faults.push({ kind: "hang" });
    const drawn: string[] = [];
    const ids = Array.from({ length: 1_000 }, (_, index) => `a${String(index + 1)}`);
    renderFor(
      tab,
      ids.map((id) => (
        <Profiler key={id} id={id} onRender={(name) => drawn.push(name)}>
          <BookingConfirmButton appointmentId={id} />
        </Profiler>
      )),
    );
    drawn.length = 0;
    fireEvent.click(screen.getAllByRole("button")[500] ?? document.body);
    await settled();
    expect(new Set(drawn)).toEqual(new Set(["a501"]));
  });
});
