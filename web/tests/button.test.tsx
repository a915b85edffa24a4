import { act, fireEvent, screen } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import type { SyncClient } from "@/sync/client";
import { en as messages } from "@/ui/messages";
import { BEN } from "./support/fake-types";
import { passed, renderConfirm, settled } from "./support/render";
import { frozenWorld, type World } from "./support/world";

describe("BookingConfirmButton", () => {
  let world: World;
  let tab: SyncClient;
  beforeEach(async () => {
    world = frozenWorld("a1");
    tab = await world.tab();
    tab.rows.mergeFound([
      { table: "appointments", row: { id: "a1", version: 1001, status: "pending" } },
    ]);
    return () => world.end();
  });

  const button = (): HTMLElement => screen.getByRole("button", { name: /confirm/i });
  const state = (): string | undefined =>
    document.querySelector<HTMLElement>("[data-state]")?.dataset.state;
  const spoken = (): string => screen.getByTestId("live-region").textContent.trim();
  const shown = (): unknown => tab.rows.get("appointments", "a1")?.row.status;
  const click = async (): Promise<void> => {
    fireEvent.click(button());
    await settled();
  };

  it("confirms, and says so once", async () => {
    const onSuccess = vi.fn();
    renderConfirm(tab, { onSuccess });
    await click();
    expect(world.server.effects).toHaveLength(1);
    expect(onSuccess.mock.calls).toEqual([
      [expect.objectContaining({ id: "a1", status: "confirmed" })],
    ]);
    expect(spoken()).toBe(messages.confirmBooking.done);
  });

  it("makes one action of a double click, and of any clicks while it is busy", async () => {
    world.server.faults.push({ kind: "hang" });
    renderConfirm(tab);
    fireEvent.click(button());
    fireEvent.click(button());
    await settled();
    fireEvent.click(button());
    await settled();
    expect(world.keys.filter((key) => tab.outbox.mirror.get(key))).toHaveLength(1);
    expect(world.server.presses).toHaveLength(1);
  });

  it("makes one action of two clicks within one moment, before it is drawn again", async () => {
    renderConfirm(tab);
    act(() => {
      button().click();
      button().click();
    });
    await settled();
    expect(world.server.presses).toHaveLength(1);
  });

  it("is busy but keeps the focus", async () => {
    world.server.faults.push({ kind: "hang" });
    renderConfirm(tab);
    button().focus();
    await click();
    expect(button()).toHaveProperty("disabled", false);
    expect(button().getAttribute("aria-busy")).toBe("true");
    expect(document.activeElement).toBe(button());
  });

  it("shows the appointment as confirmed at once, and takes it back when it is refused", async () => {
    world.server.faults.push({ kind: "commit-then-hang" });
    world.server.commit("appointments", "a1", null);
    const onError = vi.fn();
    renderConfirm(tab, { onError });
    fireEvent.click(button());
    await settled(5);
    expect(shown()).toBe("confirmed");
    await passed(16_500);
    expect(shown()).toBe("pending");
    expect(onError).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: "NOT_FOUND" }));
    const note = document.getElementById(button().getAttribute("aria-describedby") ?? "");
    expect(note?.textContent).toBe(messages.errors.NOT_FOUND);
    expect(spoken()).toBe(messages.errors.NOT_FOUND);
  });

  it("shows the current row when somebody else was first", async () => {
    world.server.commit(
      "appointments",
      "a1",
      { status: "confirmed", confirmed_by: BEN.id },
      { actor: BEN },
    );
    const onError = vi.fn();
    renderConfirm(tab, { onError });
    await click();
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ code: "ALREADY_CONFIRMED" }),
    );
    expect(tab.rows.confirmed("appointments", "a1")).toMatchObject({
      status: "confirmed",
      confirmed_by: BEN.id,
    });
  });

  it("ends with the change that carries its key, when the answer is lost", async () => {
    act(() => void tab.realtime.subscribe("appointments", () => undefined));
    await settled();
    world.server.faults.push({ kind: "commit-then-hang" });
    const onSuccess = vi.fn();
    renderConfirm(tab, { onSuccess });
    await click();
    expect(button().getAttribute("aria-busy")).toBe("false");
    await passed(60_000, 5_000);
    expect(onSuccess.mock.calls).toEqual([[{ id: "a1", status: "confirmed" }]]);
    expect(world.server.presses).toHaveLength(1);
  });

  it("ends once when the change and the answer both come", async () => {
    act(() => void tab.realtime.subscribe("appointments", () => undefined));
    await settled();
    const onSuccess = vi.fn();
    const onError = vi.fn();
    renderConfirm(tab, { onSuccess, onError });
    await click();
    const [change] = world.server.log.slice(-1);
    act(() => change && world.server.push(change));
    await settled();
    expect(onSuccess).toHaveBeenCalledOnce();
    expect(onError).not.toHaveBeenCalled();
  });

  it("says that it is queued while there is no network, and goes on by itself", async () => {
    await act(() => world.goOffline());
    renderConfirm(tab);
    await click();
    expect(state()).toBe("queued");
    expect(spoken()).toBe(messages.button.queuedNote);
    await act(() => world.goOnline());
    await settled();
    expect(world.server.effects).toHaveLength(1);
    await passed(1_000);
    expect(spoken()).toBe(messages.confirmBooking.done);
  });

  it("is still busy on a new page, as long as its action is under way", async () => {
    await act(() => world.goOffline());
    const first = renderConfirm(tab);
    await click();
    first.unmount();
    tab.stop();
    tab = await world.tab();
    const onSuccess = vi.fn();
    renderConfirm(tab, { onSuccess });
    expect(state()).toBe("queued");
    await click();
    await act(() => world.goOnline());
    await settled();
    expect(world.server.presses).toHaveLength(1);
    expect(onSuccess).toHaveBeenCalledOnce();
  });

  it("asks the person when there is no answer, and repeats with the same key", async () => {
    world.server.faults.push(
      ...Array.from({ length: 5 }, () => ({ kind: "answer-lost" }) as const),
    );
    const onError = vi.fn();
    renderConfirm(tab, { onError });
    await click();
    await passed(20_000);
    expect(state()).toBe("unknown");
    expect(document.body.textContent).toContain(messages.button.unknownNote);
    expect(shown()).toBe("pending");
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ code: "NETWORK", status: 0 }),
    );
    await click();
    expect(world.server.presses).toHaveLength(6);
    expect(new Set(world.server.presses.map(({ key }) => key)).size).toBe(1);
    expect(tab.outbox.snapshot.items).toEqual([]);
    expect(world.server.effects).toHaveLength(1);
  });

  it("tells each attempt", async () => {
    world.server.faults.push({ kind: "lost" }, { kind: "lost" });
    const onProgress = vi.fn();
    renderConfirm(tab, { variant: "with-progress", onProgress });
    await click();
    await passed(1_000);
    expect(spoken()).toBe(messages.button.attempt(2, 5));
    await passed(2_000);
    expect(onProgress.mock.calls).toEqual(
      [1, 2, 3].map((attempt) => [{ attempt, maxAttempts: 5, processed: 0, total: 1 }]),
    );
  });

  it("asks first, with its own question, and does nothing when the answer is no", async () => {
    renderConfirm(tab, { variant: "with-confirm", confirmMessage: "Jane has not paid yet." });
    fireEvent.click(screen.getByRole("button"));
    expect(
      screen.getByRole("dialog", { name: messages.confirmBooking.title }).textContent,
    ).toContain("not paid");
    fireEvent.click(screen.getByRole("button", { name: messages.button.cancel }));
    await settled();
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(world.server.presses).toHaveLength(0);
    fireEvent.click(screen.getByRole("button"));
    world.server.faults.push({ kind: "hang" });
    fireEvent.click(screen.getByTestId("dialog-confirm"));
    await settled();
    expect(world.server.presses).toHaveLength(1);
    await click();
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("does nothing as long as it is disabled", async () => {
    renderConfirm(tab, { variant: "disabled" });
    await click();
    expect(world.server.presses).toHaveLength(0);
  });

  it("says so when the press could not be stored", async () => {
    vi.spyOn(tab.outbox, "enqueue").mockRejectedValue(new Error("disk full"));
    const onError = vi.fn();
    renderConfirm(tab, { onError });
    await click();
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ code: "STORAGE_FAILED" }));
    expect(spoken()).toBe(messages.errors.STORAGE_FAILED);
  });
});
