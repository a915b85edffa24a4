import { act, fireEvent, screen } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";

import { Composer } from "@/parts/composer";
import type { PersonRef } from "@/api/threads";
import type { SyncClient } from "@/sync/client";
import { en as messages } from "@/ui/messages";
import { BEN } from "./support/fake-types";
import { renderFor, settled } from "./support/render";
import { frozenWorld, type World } from "./support/world";

const ANN: PersonRef = { table: "contacts", id: "ann" };
const BOB: PersonRef = { table: "contacts", id: "bob" };

/** Row 2 of the complaints: what is half written stays with whom it is for. */
describe("a text that is being written", () => {
  let world: World;
  let tab: SyncClient;
  beforeEach(async () => {
    world = frozenWorld();
    tab = await world.tab();
    return () => world.end();
  });

  const box = (): HTMLTextAreaElement => screen.getByRole("textbox");
  const type = (text: string): boolean => fireEvent.change(box(), { target: { value: text } });
  const composer = (person: PersonRef) => <Composer person={person} name={person.id} />;

  it("stays with its thread from one to the other and back, as pages switch them", async () => {
    const page = renderFor(tab, composer(ANN));
    await settled();
    type("For Ann");
    page.rerender(composer(BOB));
    await settled();
    expect(box().value).toBe("");
    type("For Bob");
    page.rerender(composer(ANN));
    await settled();
    expect(box().value).toBe("For Ann");
    page.rerender(composer(BOB));
    await settled();
    expect(box().value).toBe("For Bob");
  });

  it("is there again after a crash of the page, in the same thread alone", async () => {
    const page = renderFor(tab, composer(ANN));
    await settled();
    type("Half a sen");
    await settled();
    page.unmount();
    tab.stop();
    const again = renderFor(await world.tab(), composer(BOB));
    await settled();
    expect(box().value).toBe("");
    again.rerender(composer(ANN));
    await settled();
    expect(box().value).toBe("Half a sen");
  });

  it("is nobody else's who signs in here", async () => {
    const page = renderFor(tab, composer(ANN));
    await settled();
    type("Anna wrote this");
    await settled();
    page.unmount();
    renderFor(await world.tab({ user: BEN }), composer(ANN));
    await settled();
    expect(box().value).toBe("");
  });

  it("goes to whom it was pressed for, though another thread is open by then", async () => {
    await act(() => world.goOffline());
    const page = renderFor(tab, composer(ANN));
    await settled();
    type("For Ann alone");
    fireEvent.click(screen.getByRole("button", { name: new RegExp(messages.sendSms.label) }));
    page.rerender(composer(BOB));
    await settled();
    expect(box().value).toBe("");
    world.server.faults.push({ kind: "status", status: 200, body: { success: true } });
    await act(() => world.goOnline());
    await settled(100);
    expect(world.server.presses.map(({ path, body }) => [path, body])).toEqual([
      ["/api/contacts/ann/sms", { message: "For Ann alone" }],
    ]);
    page.rerender(composer(ANN));
    await settled();
    expect(box().value).toBe("");
  });

  it("triggers no shortcut, whatever is typed", async () => {
    renderFor(tab, composer(ANN));
    await settled();
    const before = location.pathname;
    for (const key of "abcdefghijklmnopqrstuvwxyz?") fireEvent.keyDown(box(), { key });
    expect(location.pathname).toBe(before);
    expect(screen.queryByRole("dialog")).toBeNull();
  });
});
