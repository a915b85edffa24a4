import { fireEvent, screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";

import { toE164 } from "@/api/phone";
import { TodayPage } from "@/features/today/today-page";
import { NewPersonButton } from "@/parts/new-person";
import type { SyncClient } from "@/sync/client";
import { actorName } from "@/ui/actor";
import { en as messages } from "@/ui/messages";
import { es } from "@/ui/messages/es";
import { serveBookings } from "./support/bookings";
import { renderFor, settled } from "./support/render";
import { frozenWorld, type World } from "./support/world";

const PHONE = { target: { value: "(312) 555-0142" } };

describe("forms", () => {
  let world: World;
  let tab: SyncClient;
  beforeEach(async () => {
    world = frozenWorld();
    tab = await world.liveTab(["contacts", "leads", "calls"]);
    history.replaceState(null, "", "/");
    return () => world.end();
  });

  const answer = (status: number, body: Record<string, unknown>): void => {
    world.server.faults.push({ kind: "status", status, body: { success: status < 300, ...body } });
  };
  const fill = (label: string | RegExp, value: string): boolean =>
    fireEvent.change(screen.getByLabelText(label), { target: { value } });
  const click = async (name: string | RegExp): Promise<void> => {
    fireEvent.click(screen.getByRole("button", { name }));
    await settled();
  };
  const sent = (): unknown => world.server.presses.at(-1)?.body;

  it.each([
    // Row 26 of the complaints: any paste is taken.
    ["+1 (919) 555-5555", "+19195555555"],
    ["9195555555", "+19195555555"],
    ["1919-555-5555", "+19195555555"],
    ["(919) 555.5555 ext. 12", "+19195555555"],
    ["+52 55 1234 5678", "+525512345678"],
    ["0052 55 1234 5678", "+525512345678"],
    ["72345", null],
    ["555-5555", null],
    ["call me", null],
    ["", null],
  ])("take %s for %s", (typed, number) => {
    expect(toE164(typed)).toBe(number);
  });

  it("write down a lead, tell what is missing, and open it", async () => {
    renderFor(tab, <NewPersonButton kind="lead" />);
    await click(messages.form.newLead);
    await click(messages.form.add);
    expect(screen.getAllByText(messages.form.required)).toHaveLength(2);
    expect(world.server.presses).toEqual([]);
    fill(messages.form.name, " Ana Núñez ");
    fireEvent.change(screen.getByLabelText(messages.form.phone), PHONE);
    fill(/^Source/, "walk in");
    answer(200, { lead: { id: "l9", name: "Ana Núñez", version: 9_999 } });
    await click(messages.form.add);
    expect(world.server.presses[0]?.path).toBe("/api/leads");
    expect(sent()).toEqual({ name: "Ana Núñez", phone: "+13125550142", source: "walk in" });
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(location.search).toBe(`?sheet=${encodeURIComponent("lead:l9")}`);
  });

  it("show who has the number already, and lead there", async () => {
    renderFor(tab, <NewPersonButton kind="contact" />);
    await click(messages.form.newContact);
    fill(messages.form.name, "Jane");
    fireEvent.change(screen.getByLabelText(messages.form.phone), PHONE);
    answer(409, { code: "PHONE_KNOWN", contact: { id: "c7", name: "Jane Roe", version: 5 } });
    await click(messages.form.add);
    expect(screen.getByRole("alert").textContent).toContain(messages.form.known("Jane Roe"));
    await click(messages.form.open("Jane Roe"));
    expect(location.search).toContain("c7");
  });

  it("settle call-backs on the first page: who, why, and how it went", async () => {
    serveBookings(world.server);
    world.server.commit("contacts", "c1", { name: "Jane Roe", phone: "+13125550142" });
    const call = { contact_id: "c1", notes: "About the coat", created_at: "2026-06-01T14:00:00Z" };
    world.server.commit("calls", "k1", { ...call, status: "requested" });
    world.server.commit("calls", "k2", { ...call, status: "completed" });
    renderFor(tab, <TodayPage />);
    await settled();
    expect(screen.getByTestId("call-backs").textContent).toBe("1");
    const line = within(document.querySelector<HTMLElement>("[data-call-id=k1]") ?? document.body);
    expect(line.getByText(/About the coat/)).toBeTruthy();
    answer(200, { call: { id: "k1", status: "no_answer", version: 9_998 } });
    fireEvent.click(line.getByRole("button", { name: /No answer/ }));
    await settled();
    expect(world.server.presses[0]).toMatchObject({
      method: "PATCH",
      path: "/api/calls/k1",
      body: { status: "no_answer" },
    });
    // Nobody has reached them: it stays, and only the end of it is left to press.
    expect(line.queryByRole("button", { name: /No answer/ })).toBeNull();
    answer(200, { call: { id: "k1", status: "completed", version: 9_999 } });
    fireEvent.click(line.getByRole("button", { name: /Done/ }));
    await settled();
    expect(sent()).toEqual({ status: "completed" });
    expect(screen.getByTestId("call-backs").textContent).toBe("0");
  });

  it("take the second answer for a call while the first is on its way", async () => {
    serveBookings(world.server);
    world.server.commit("calls", "k1", { contact_id: "c1", status: "requested" });
    renderFor(tab, <TodayPage />);
    await settled();
    world.server.faults.push({ kind: "hang" });
    await click(/No answer/);
    await click(/Done/);
    expect(tab.outbox.snapshot.items.map(({ body }) => body)).toEqual([
      { status: "no_answer" },
      { status: "completed" },
    ]);
    expect(screen.getByTestId("call-backs").textContent).toBe("0");
  });

  it("say who acts when no person does, in both languages", () => {
    const by = (id: string, email = ""): readonly string[] =>
      [messages, es].map((words) => actorName(words, { id, email }));
    expect(by("u1", "kenji.watanabe@shop.example")).toEqual(["Kenji Watanabe", "Kenji Watanabe"]);
    expect(by("sms:c1")).toEqual(["The customer, by text", "El cliente, por mensaje"]);
    expect(by("worker")).toEqual(["Text delivery", "Envío de mensajes"]);
    expect(by("voice")).toEqual(["Phone assistant", "Asistente telefónico"]);
    expect(by("something-new")).toEqual(["Automatically", "Automáticamente"]);
  });
});
