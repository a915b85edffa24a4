import { fireEvent, screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";

import SettingsPage from "@/features/settings/settings-page";
import type { SyncClient } from "@/sync/client";
import { en as messages } from "@/ui/messages";
import { STAFF } from "./support/me";
import { renderFor, settled } from "./support/render";
import { frozenWorld, type World } from "./support/world";

describe("settings", () => {
  let world: World;
  let tab: SyncClient;
  const stored = {
    version: 41,
    name: "Gleam",
    address: "1 Main St",
    time_zone: "America/Chicago",
    opening_hours: { mon: [["08:00", "18:00"]] },
    days_off: ["2026-12-25"],
    lead_minutes: 60,
    horizon_days: 30,
    services: [{ id: "svc_wash", name: "Wash", duration_minutes: 60, price_cents: 8_900 }],
    resources: [{ id: "bay-1", name: "Bay 1", capacity: 1 }],
    templates: {
      hello: "Hi {firstName}",
      due: { text: "Due {amount}", category: "transactional" },
    },
    quiet_hours: { from: "21:00", to: "08:00" },
  };
  beforeEach(async () => {
    world = frozenWorld();
    world.server.lists.set("/api/settings", () => ({ success: true, settings: stored }));
    tab = await world.tab();
    return () => world.end();
  });

  const save = (): HTMLButtonElement =>
    screen.getByRole("button", { name: messages.settings.save });

  const describedBy = (element: HTMLElement): string =>
    (element.getAttribute("aria-describedby") ?? "")
      .split(" ")
      .map((id) => document.getElementById(id)?.textContent ?? "")
      .join(" ")
      .trim();

  async function show(me?: typeof STAFF): Promise<void> {
    renderFor(tab, <SettingsPage />, me);
    await settled();
  }

  it("are saved whole, under the version that was read, and touch nothing that is not shown", async () => {
    await show();
    expect(save().disabled).toBe(true);
    const monday = within(screen.getByRole("group", { name: "Monday" }));
    fireEvent.click(monday.getByRole("button", { name: messages.rules.addStretch("Monday") }));
    fireEvent.change(monday.getAllByLabelText(messages.rules.to("Monday"))[0] ?? document.body, {
      target: { value: "12:00" },
    });
    fireEvent.click(screen.getByRole("button", { name: messages.rules.addService }));
    fireEvent.change(screen.getAllByLabelText(messages.settings.name).at(2) ?? document.body, {
      target: { value: "Wax" },
    });
    fireEvent.change(screen.getByLabelText(`Wash, ${messages.rules.after}`), {
      target: { value: "15" },
    });
    fireEvent.click(screen.getByRole("button", { name: messages.rules.addBay }));
    fireEvent.click(screen.getByRole("button", { name: `${messages.form.remove} hello` }));
    fireEvent.click(screen.getByRole("button", { name: `${messages.form.remove} 2026-12-25` }));
    fireEvent.click(save());
    await settled();
    const service = { id: "svc_wash", name: "Wash", duration_minutes: 60, price_cents: 8_900 };
    expect(world.server.presses[0]).toMatchObject({ method: "PATCH", path: "/api/settings" });
    expect(world.server.presses[0]?.body).toEqual({
      name: "Gleam",
      address: "1 Main St",
      time_zone: "America/Chicago",
      opening_hours: {
        mon: [
          ["08:00", "12:00"],
          ["18:00", "19:00"],
        ],
        tue: [],
        wed: [],
        thu: [],
        fri: [],
        sat: [],
        sun: [],
      },
      days_off: [],
      lead_minutes: 60,
      horizon_days: 30,
      services: [
        { ...service, buffer_before_minutes: 0, buffer_after_minutes: 15 },
        {
          id: "svc_2",
          name: "Wax",
          duration_minutes: 60,
          buffer_before_minutes: 0,
          buffer_after_minutes: 0,
        },
      ],
      resources: [
        { id: "bay-1", name: "Bay 1", capacity: 1 },
        { id: "bay-2", name: "", capacity: 1 },
      ],
      templates: { due: { text: "Due {amount}", category: "transactional" } },
      expectedVersion: 41,
    });
  });

  it("send of the finer rules what was changed, each with its unit and its bounds beside it", async () => {
    await show();
    const words = messages.settingFields;
    const set = (label: string, value: string): void =>
      void fireEvent.change(screen.getByLabelText(label), { target: { value } });
    expect(screen.getByLabelText<HTMLInputElement>(words.quiet.to.label).value).toBe("08:00");
    const perPerson = screen.getByLabelText<HTMLInputElement>(words.perPerson.label);
    expect([perPerson.min, perPerson.max, perPerson.value]).toEqual(["1", "20", "5"]);
    expect(describedBy(perPerson)).toBe(`${words.perPerson.hint} ${words.bounds("1", "20")}`);
    expect(perPerson.parentElement?.textContent).toBe(words.units.texts);
    set(words.slot.label, "45");
    set(words.cancelNotice.label, "120");
    set(words.budget.label, "250");
    set(words.perPerson.label, "7");
    set(words.codes_per_day.label, "90");
    set(words.codeLength.label, "6");
    set(words.quiet.from.label, "20:00");
    set(words.help.label, "Call us.");
    set(words.answers.cancel.label, "No");
    set(words.countries.label, "us, ca");
    fireEvent.click(screen.getByLabelText(words.workCompleted.label));
    const monday = within(screen.getByRole("group", { name: words.breakOf("Monday") }));
    fireEvent.click(monday.getByRole("checkbox"));
    fireEvent.click(save());
    await settled();
    expect(world.server.presses[0]?.body).toMatchObject({
      slot_minutes: 45,
      cancel_notice_minutes: 120,
      sms_budget_per_day: 250,
      limits: {
        sms_per_person: 7,
        sms_per_person_minutes: 10,
        holds_per_phone: 2,
        holds_per_hour: 20,
        codes_per_day: 90,
      },
      code_length: 6,
      quiet_hours: { from: "20:00", to: "08:00" },
      sms_help: "Call us.",
      sms_answers: { confirm: "C", cancel: "No" },
      text_countries: ["US", "CA"],
      texts: { work_completed: true },
      breaks: { mon: [["12:00", "13:00"]], tue: [] },
    });
  });

  it("say at the field what is wrong with it, until it is changed", async () => {
    await show();
    const { perPerson } = messages.settingFields;
    const field = screen.getByLabelText(perPerson.label);
    fireEvent.change(field, { target: { value: "0" } });
    const fields = [{ path: "limits.sms_per_person", message: "At least 1." }];
    world.server.faults.push({
      kind: "status",
      status: 400,
      body: { success: false, code: "VALIDATION_FAILED", error: "x", fields },
    });
    fireEvent.click(save());
    await settled();
    expect(field.getAttribute("aria-invalid")).toBe("true");
    expect(describedBy(field)).toContain("At least 1.");
    fireEvent.change(field, { target: { value: "3" } });
    expect(field.getAttribute("aria-invalid")).toBe("false");
  });

  it("say what is wrong with which field", async () => {
    await show();
    fireEvent.change(screen.getByLabelText(messages.settings.address), { target: { value: "x" } });
    world.server.faults.push({
      kind: "status",
      status: 400,
      body: {
        success: false,
        code: "VALIDATION_FAILED",
        error: "The body is invalid.",
        fields: [{ path: "resources.1.name", message: "is too short" }],
      },
    });
    fireEvent.click(save());
    await settled();
    expect(screen.getByText("resources.1.name: is too short")).toBeTruthy();
  });

  it("do not overwrite what somebody else has saved: theirs can be loaded", async () => {
    await show();
    fireEvent.change(screen.getByLabelText(messages.settings.address), { target: { value: "x" } });
    world.server.faults.push({
      kind: "status",
      status: 409,
      body: { success: false, code: "VERSION_CONFLICT", settings: { version: 42 } },
    });
    fireEvent.click(save());
    await settled();
    const theirs = { ...stored, version: 42, address: "2 Side St" };
    world.server.lists.set("/api/settings", () => ({ success: true, settings: theirs }));
    fireEvent.click(screen.getByRole("button", { name: messages.rules.loadTheirs }));
    await settled();
    expect(screen.getByLabelText<HTMLInputElement>(messages.settings.address).value).toBe(
      "2 Side St",
    );
  });

  it("can be looked at by staff, and not changed", async () => {
    await show(STAFF);
    expect(screen.getByText(messages.settings.readOnly)).toBeTruthy();
    expect(screen.queryByRole("button", { name: messages.settings.save })).toBeNull();
    expect(screen.getByLabelText(messages.settings.address).closest("fieldset")?.disabled).toBe(
      true,
    );
  });
});
