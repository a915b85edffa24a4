import { fireEvent, screen } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";

import type { Path } from "@/features/settings/fields";
import SettingsPage from "@/features/settings/settings-page";
import type { SyncClient } from "@/sync/client";
import { en as messages } from "@/ui/messages";
import { STAFF } from "./support/me";
import { renderFor, settled } from "./support/render";
import { button, DEFAULTS, group, labelled, STORED } from "./support/settings";
import { frozenWorld, type World } from "./support/world";

describe("settings", () => {
  let world: World;
  let tab: SyncClient;
  beforeEach(async () => {
    world = frozenWorld();
    world.server.lists.set("/api/settings", () => ({
      success: true,
      settings: STORED,
      defaults: DEFAULTS,
    }));
    world.server.lists.set("/api/me", () => ({ success: true, me: { org: STORED } }));
    tab = await world.tab();
    return () => world.end();
  });

  const save = (): HTMLButtonElement => button(messages.settings.save);

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

  const field = (path: Path): HTMLInputElement =>
    labelled(messages.settingFields.fields[path].label);

  const set = (path: Path, value: string): void =>
    void fireEvent.change(field(path), { target: { value } });

  it("send what was changed, under the version that was read", async () => {
    await show();
    expect(save().disabled).toBe(true);
    const monday = group("Monday");
    fireEvent.click(button(messages.rules.addStretch("Monday"), monday));
    fireEvent.change(labelled(messages.rules.to("Monday"), monday), {
      target: { value: "12:00" },
    });
    fireEvent.click(button(messages.rules.addBay));
    fireEvent.click(button(`${messages.form.remove} hello`));
    fireEvent.click(button(`${messages.form.remove} 2026-12-25`));
    fireEvent.click(save());
    await settled();
    expect(world.server.presses[0]).toMatchObject({ method: "PATCH", path: "/api/settings" });
    expect(world.server.presses[0]?.body).toEqual({
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
      resources: [
        { id: "bay-1", name: "Bay 1", capacity: 1 },
        { id: "bay-2", name: "Lift", capacity: 1 },
        { id: "bay-3", name: "", capacity: 1 },
      ],
      templates: { due: { text: "Due {amount}", category: "transactional", asks: null } },
      expectedVersion: 41,
    });
  });

  it("each have their unit, their bounds and what holds while they are empty beside them", async () => {
    await show();
    const words = messages.settingFields;
    const perPerson = field("limits.sms_per_person");
    const { hint } = words.fields["limits.sms_per_person"];
    expect([perPerson.min, perPerson.max, perPerson.value]).toEqual(["1", "20", ""]);
    expect(perPerson.placeholder).toBe("5");
    expect(describedBy(perPerson)).toBe(`${hint} ${words.bounds("1", "20")} ${words.ifEmpty("5")}`);
    expect(perPerson.parentElement?.textContent).toBe(words.units.texts);
    expect(field("quiet_hours.to").value).toBe("08:00");
    expect(describedBy(field("quiet_hours.to"))).toContain(words.ifEmpty("07:30"));
    expect(field("sms_help").placeholder).toBe(words.carriersHelp);
    expect(field("text_countries").placeholder).toBe("US");
  });

  it("are sent as they were written", async () => {
    await show();
    set("slot_minutes", "45");
    set("cancel_notice_minutes", "120");
    set("sms_budget_per_day", "250");
    set("limits.sms_per_person", "7");
    set("limits.codes_per_day", "90");
    set("code_length", "6");
    set("quiet_hours.from", "20:00");
    set("sms_help", "Call us.");
    set("sms_answers.cancel", "No");
    set("text_countries", "us, ca");
    fireEvent.click(field("texts.work_completed"));
    const breaks = group(messages.settingFields.breakOf("Monday"));
    fireEvent.click(labelled("Monday", breaks));
    fireEvent.click(save());
    await settled();
    expect(world.server.presses[0]?.body).toEqual({
      slot_minutes: 45,
      cancel_notice_minutes: 120,
      sms_budget_per_day: 250,
      limits: { sms_per_person: 7, codes_per_day: 90, holds_per_hour: 12 },
      code_length: 6,
      quiet_hours: { from: "20:00", to: "08:00" },
      sms_help: "Call us.",
      sms_answers: { confirm: "C", cancel: "No" },
      text_countries: ["US", "CA"],
      texts: { work_completed: true },
      breaks: { mon: [["12:00", "13:00"]], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] },
      expectedVersion: 41,
    });
  });

  it("go back to their default once they are empty", async () => {
    const all = {
      ...STORED,
      lead_minutes: 90,
      limits: { holds_per_hour: 12 },
      sms_help: "Call us.",
      text_countries: ["US", "CA"],
      sms_answers: { confirm: "Y", cancel: "N" },
    };
    world.server.lists.set("/api/settings", () => ({ settings: all, defaults: DEFAULTS }));
    await show();
    const paths = ["lead_minutes", "limits.holds_per_hour", "sms_help", "text_countries"] as const;
    for (const path of paths) set(path, "");
    set("sms_answers.confirm", "");
    set("quiet_hours.from", "");
    set("quiet_hours.to", "");
    expect(field("lead_minutes").placeholder).toBe("60");
    fireEvent.click(save());
    await settled();
    expect(world.server.presses[0]?.body).toEqual({
      lead_minutes: null,
      limits: null,
      sms_help: null,
      text_countries: null,
      sms_answers: { confirm: "C", cancel: "N" },
      quiet_hours: null,
      expectedVersion: 41,
    });
  });

  it("say at the field what is wrong with it, until it is changed", async () => {
    await show();
    const perPerson = field("limits.sms_per_person");
    set("limits.sms_per_person", "0");
    const fields = [
      { path: "limits.sms_per_person", message: "At least 1." },
      { path: "sms_answers", message: "Two different words." },
    ];
    world.server.faults.push({
      kind: "status",
      status: 400,
      body: { success: false, code: "VALIDATION_FAILED", error: "x", fields },
    });
    fireEvent.click(save());
    await settled();
    expect(perPerson.getAttribute("aria-invalid")).toBe("true");
    expect(describedBy(perPerson)).toContain("At least 1.");
    expect(describedBy(field("sms_answers.cancel"))).toContain("Two different words.");
    expect(field("limits.holds_per_hour").getAttribute("aria-invalid")).toBe("false");
    set("limits.sms_per_person", "3");
    expect(perPerson.getAttribute("aria-invalid")).toBe("false");
  });

  it("say what is wrong with which field", async () => {
    await show();
    fireEvent.change(labelled(messages.settings.address), { target: { value: "x" } });
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
    fireEvent.change(labelled(messages.settings.address), { target: { value: "x" } });
    world.server.faults.push({
      kind: "status",
      status: 409,
      body: { success: false, code: "VERSION_CONFLICT", settings: { version: 42 } },
    });
    fireEvent.click(save());
    await settled();
    const theirs = { ...STORED, version: 42, address: "2 Side St" };
    world.server.lists.set("/api/settings", () => ({ success: true, settings: theirs }));
    fireEvent.click(button(messages.rules.loadTheirs));
    await settled();
    expect(labelled(messages.settings.address).value).toBe("2 Side St");
  });

  it("can be looked at by staff, and not changed", async () => {
    world.server.lists.delete("/api/settings");
    await show(STAFF);
    expect(screen.getByText(messages.settings.readOnly)).toBeTruthy();
    expect(screen.queryByRole("button", { name: messages.settings.save })).toBeNull();
    expect(labelled(messages.settings.address).closest("fieldset")?.disabled).toBe(true);
  });
});
