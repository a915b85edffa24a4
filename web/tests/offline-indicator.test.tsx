import { act, screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";

import { en as messages } from "@/ui/messages";
import { OfflineIndicator } from "@/ui/offline-indicator";
import { passed, renderFor, settled } from "./support/render";
import { confirm, frozenWorld, press, type World } from "./support/world";

describe("OfflineIndicator", () => {
  let world: World;
  beforeEach(() => {
    world = frozenWorld("a1");
    return () => world.end();
  });
  const queued = (): string | null =>
    screen.getByTestId("offline-indicator").getAttribute("data-queued");

  const show = (): void =>
    act(() => screen.getByRole("button", { name: messages.queue.show }).click());

  it("is one line however much there is, and lists it when asked", async () => {
    const tab = await world.tab();
    world.server.faults.push(...Array.from({ length: 30 }, () => ({ kind: "lost" }) as const));
    for (const id of ["a1", "a2", "a3", "a4", "a5", "a6"]) await press(tab, confirm(id));
    renderFor(tab, <OfflineIndicator />);
    await passed(60_000, 1_000);
    expect(screen.getAllByTestId("offline-banner")).toHaveLength(1);
    expect(screen.queryByTestId("unknown-action")).toBeNull();
    show();
    expect(screen.getAllByTestId("unknown-action")).toHaveLength(6);
  });

  it("leads back to the sign-in", async () => {
    let token: string | null = "token";
    const tab = await world.tab({ tokens: { getToken: () => Promise.resolve(token) } });
    token = null;
    let asked = 0;
    renderFor(tab, <OfflineIndicator onSignIn={() => (asked += 1)} />);
    await act(() => press(tab, confirm("a1")));
    act(() => screen.getByRole("button", { name: messages.outbox.signIn }).click());
    expect(asked).toBe(1);
    expect(queued()).toBe("1");
  });

  it("is silent while all is well", async () => {
    const tab = await world.tab();
    const { container } = renderFor(tab, <OfflineIndicator />);
    expect(queued()).toBe("0");
    expect(container.textContent).toBe("");
  });

  it("tells how many actions wait for the network, and lets the person try", async () => {
    await world.goOffline();
    const tab = await world.tab();
    renderFor(tab, <OfflineIndicator />);
    await act(() => press(tab, confirm("a1")));
    expect(queued()).toBe("1");
    expect(screen.getByTestId("offline-banner").textContent).toContain(messages.queue.queued(1));
    await passed(1_000);
    expect(screen.getByTestId("live-region").textContent).toContain(messages.queue.queued(1));
    world.server.down = false;
    act(() => screen.getByRole("button", { name: messages.outbox.sendNow }).click());
    await settled();
    expect(queued()).toBe("0");
  });

  it("tells that the server is away before the browser has noticed anything", async () => {
    const tab = await world.tab();
    renderFor(tab, <OfflineIndicator />);
    world.server.down = true;
    await act(() => press(tab, confirm("a1")));
    expect(screen.queryByTestId("offline-banner")).toBeNull();
    act(() => world.server.socket.break());
    expect(screen.getByTestId("offline-banner").textContent).toContain(messages.queue.noNetwork);
    world.server.down = false;
    await passed(2_000);
    expect(screen.queryByTestId("offline-banner")).toBeNull();
  });

  it("tells of a refusal whose button is not on the screen, until it is dismissed", async () => {
    world.server.commit("appointments", "a1", { status: "confirmed" });
    const tab = await world.tab();
    await press(tab, confirm("a1"));
    renderFor(tab, <OfflineIndicator />);
    expect(screen.getByTestId("offline-banner").textContent).toContain(messages.queue.rejected(1));
    show();
    const refusal = screen.getByTestId("rejected-action");
    expect(refusal.textContent).toContain("Confirm the booking of Jane");
    expect(refusal.textContent).toContain(messages.errors.ALREADY_CONFIRMED);
    expect(refusal.textContent).toContain(messages.reference("r-1"));
    act(() => within(refusal).getByRole("button", { name: messages.button.close }).click());
    await settled();
    expect(screen.queryByTestId("rejected-action")).toBeNull();
  });

  it("offers another try for what had no answer, or to give it up", async () => {
    const tab = await world.tab();
    world.server.faults.push(...Array.from({ length: 5 }, () => ({ kind: "lost" }) as const));
    await press(tab, confirm("a1"));
    renderFor(tab, <OfflineIndicator />);
    await passed(20_000);
    expect(screen.getByTestId("offline-banner").textContent).toContain(messages.queue.unknown(1));
    show();
    const entry = screen.getByTestId("unknown-action");
    act(() => within(entry).getByRole("button", { name: messages.button.retry }).click());
    await settled();
    expect(screen.queryByTestId("unknown-action")).toBeNull();
    expect(world.server.effects).toHaveLength(1);
  });

  it("says when a sign-in is needed", async () => {
    let token: string | null = "token";
    const tab = await world.tab({ tokens: { getToken: () => Promise.resolve(token) } });
    token = null;
    renderFor(tab, <OfflineIndicator />);
    await act(() => press(tab, confirm("a1")));
    expect(screen.getByTestId("offline-banner").textContent).toContain(messages.queue.signIn);
  });
});
