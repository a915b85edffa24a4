import { fireEvent, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { colleaguesOf } from "@/app/colleagues";
import { ColleaguesProvider } from "@/data/colleagues";
import SettingsPage from "@/features/settings/settings-page";
import type { SyncClient } from "@/sync/client";
import { en as messages } from "@/ui/messages";
import { OWNER } from "./support/me";
import { renderFor, settled } from "./support/render";
import { allLabelled, button, DEFAULTS, group, labelled, STORED } from "./support/settings";
import { frozenWorld, type World } from "./support/world";

const words = messages.settingFields;

describe("settings of services, bays, templates and people", () => {
  let world: World;
  let tab: SyncClient;
  beforeEach(async () => {
    world = frozenWorld();
    const told = { success: true, settings: STORED, defaults: DEFAULTS };
    world.server.lists.set("/api/settings", () => told);
    tab = await world.tab();
    renderFor(tab, <SettingsPage />);
    await settled();
    return () => world.end();
  });

  async function saved(): Promise<object> {
    fireEvent.click(button(messages.settings.save));
    await settled();
    return world.server.presses[0]?.body ?? {};
  }

  const wash = {
    id: "svc_wash",
    name: "Wash",
    duration_minutes: 60,
    buffer_before_minutes: 0,
    buffer_after_minutes: 0,
    price_cents: 8_950,
    resources: null,
  };
  const wax = { ...wash, id: "svc_wax", name: "Wax", duration_minutes: 90, price_cents: null };
  const bays = (service: string): HTMLElement => group(words.baysOf(service));
  const bay = (service: string, name: string): HTMLElement => labelled(name, bays(service));
  const line = (service: string): string | undefined =>
    bays(service).closest("details")?.querySelector("summary")?.textContent;

  it("write a price as people do, and send cents; an empty one is none", async () => {
    const price = (service: string): HTMLInputElement =>
      labelled(`${service}, ${words.price("USD")}`);
    expect([price("Wash").value, price("Wax").value]).toEqual(["89.5", ""]);
    fireEvent.change(price("Wash"), { target: { value: "" } });
    fireEvent.change(price("Wax"), { target: { value: "19.99" } });
    expect(await saved()).toEqual({
      services: [
        { ...wash, price_cents: null },
        { ...wax, price_cents: 1_999, resources: ["bay-1", "bay-2"] },
      ],
      expectedVersion: 41,
    });
  });

  it("say in which bays a service is done, and let them be chosen by keyboard", async () => {
    expect(line("Wash")).toBe(`${words.doneIn} ${words.anyBay}`);
    expect(line("Wax")).toBe(`${words.doneIn} Bay 1, Lift`);
    vi.useRealTimers();
    const user = userEvent.setup();
    bay("Wash", "Lift").focus();
    await user.keyboard(" ");
    expect(line("Wash")).toBe(`${words.doneIn} Lift`);
    expect(bay("Wash", words.anyBay)).toHaveProperty("checked", false);
    bay("Wax", words.anyBay).focus();
    await user.keyboard(" ");
    expect(line("Wax")).toBe(`${words.doneIn} ${words.anyBay}`);
    expect(await saved()).toMatchObject({
      services: [{ ...wash, resources: ["bay-2"] }, wax],
    });
  });

  it("follow a bay that goes: no service names it any more", async () => {
    fireEvent.click(bay("Wash", "Bay 1"));
    fireEvent.click(button(`${messages.form.remove} Bay 1`));
    expect(line("Wash")).toBe(`${words.doneIn} ${words.anyBay}`);
    expect(line("Wax")).toBe(`${words.doneIn} Lift`);
    expect(await saved()).toEqual({
      services: [wash, { ...wax, resources: ["bay-2"] }],
      resources: [{ id: "bay-2", name: "Lift", capacity: 1 }],
      expectedVersion: 41,
    });
  });

  it("add a service that can be done anywhere", async () => {
    fireEvent.click(button(messages.rules.addService));
    fireEvent.change(allLabelled(messages.settings.name).at(3) ?? document.body, {
      target: { value: "Polish" },
    });
    fireEvent.change(labelled(`Polish, ${messages.rules.after}`), {
      target: { value: "15" },
    });
    const polish = { id: "svc_3", name: "Polish", buffer_after_minutes: 15, duration_minutes: 60 };
    expect(await saved()).toMatchObject({
      services: [wash, { name: "Wax" }, { ...polish, buffer_before_minutes: 0 }],
    });
  });

  it("say at the field of a service what is wrong with it", async () => {
    const after = labelled(`Wax, ${messages.rules.after}`);
    fireEvent.change(after, { target: { value: "500" } });
    const fields = [
      { path: "services.1.buffer_after_minutes", message: "At most 240." },
      { path: "services.0.resources", message: "There is no such resource." },
    ];
    world.server.faults.push({
      kind: "status",
      status: 400,
      body: { success: false, code: "VALIDATION_FAILED", error: "x", fields },
    });
    await saved();
    expect(after.getAttribute("aria-invalid")).toBe("true");
    expect(after.parentElement?.textContent).toContain("At most 240.");
    expect(bays("Wash").closest("details")?.textContent).toContain("There is no such resource.");
    expect(bays("Wax").closest("details")?.textContent).not.toContain("There is no such resource.");
  });

  it("make of a template a question, and of a question a plain text", async () => {
    const asks = allLabelled(messages.rules.asks);
    expect(asks.map((each) => each.checked)).toEqual([false, false]);
    fireEvent.click(asks[1] ?? document.body);
    expect(await saved()).toEqual({
      templates: {
        hello: { text: "Hi {firstName}", asks: null },
        due: { text: "Due {amount}", category: "transactional", asks: "confirm_appointment" },
      },
      expectedVersion: 41,
    });
  });
});

describe("people of the business", () => {
  const person = (email: string, orgId: string, role: string) => ({
    name: `Name of ${email}`,
    email,
    orgId,
    orgName: "",
    role,
    token: null,
  });
  const anna = person("anna@x.example", "org-1", "owner");
  const ben = person("ben@x.example", "org-1", "staff");
  const stranger = person("eve@y.example", "org-2", "owner");
  const unknown = person("zoe@z.example", "", "staff");

  it("are those of one's own, oneself first and marked", async () => {
    const world = frozenWorld();
    world.server.lists.set("/api/settings", () => ({ settings: STORED, defaults: DEFAULTS }));
    const colleagues = colleaguesOf(OWNER, anna, [ben, stranger, anna, unknown]);
    renderFor(
      await world.tab(),
      <ColleaguesProvider value={colleagues}>
        <SettingsPage />
      </ColleaguesProvider>,
    );
    await settled();
    const list = screen.getByRole("region", { name: messages.settings.people });
    const shown = within(list)
      .getAllByRole("listitem")
      .map(({ textContent }) => textContent);
    expect(shown).toHaveLength(2);
    expect(shown[0]).toContain(`Name of anna@x.example (${words.you})anna@x.exampleOwner`);
    expect(shown[1]).toContain("Name of ben@x.exampleben@x.exampleStaff");
    world.end();
  });

  it("are whoever is signed in where the sign-in knows no list", () => {
    const me = person("anna@x.example", "", "");
    expect(colleaguesOf({ ...OWNER, roles: ["staff", "manager"] }, me, [me])).toEqual([
      { name: me.name, email: me.email, role: "manager", isMe: true },
    ]);
  });
});
