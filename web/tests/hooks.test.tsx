import { act, render, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import {
  getOfflineQueue,
  getRealtimeSyncService,
  startSync,
  stopSync,
  syncOfflineQueue,
  SyncProvider,
  useAppointmentSync,
  useLeadStatusSync,
  useOfflineSync,
  usePolling,
  useSmsSync,
  useSyncMutation,
} from "@/sync";
import type { SyncClient } from "@/sync/client";
import { OfflineIndicator } from "@/ui/offline-indicator";
import { ANNA, BEN } from "./support/fake-types";
import { passed, settled } from "./support/render";
import { settle } from "./support/time";
import { confirm, frozenWorld, press, type World } from "./support/world";

describe("hooks", () => {
  let world: World;
  let tab: SyncClient;
  const wrapper = ({ children }: { readonly children: ReactNode }): ReactNode => (
    <SyncProvider value={tab}>{children}</SyncProvider>
  );
  beforeEach(async () => {
    world = frozenWorld("a1");
    tab = await world.tab();
    return () => world.end();
  });

  it("useAppointmentSync says what changed and by whom, and whether it was me", async () => {
    const { result } = renderHook(() => useAppointmentSync("a1"), { wrapper });
    await settled();
    expect(result.current).toMatchObject({ change: null, updatedAppointment: null });
    act(
      () => void world.server.commit("appointments", "a1", { status: "cancelled" }, { actor: BEN }),
    );
    expect(result.current).toMatchObject({
      changed: ["status"],
      updatedBy: BEN,
      isOwn: false,
      updatedAppointment: { id: "a1", status: "cancelled", updatedBy: BEN.email },
    });
    act(() => void world.server.commit("appointments", "a1", { notes: "x" }, { actor: ANNA }));
    expect(result.current).toMatchObject({ changed: ["notes"], isOwn: true });
    act(() => void world.server.commit("appointments", "a2", { status: "pending" }));
    expect(result.current).toMatchObject({ changed: ["notes"] });
  });

  it("useLeadStatusSync and useSmsSync follow their own tables", async () => {
    const lead = renderHook(() => useLeadStatusSync("x"), { wrapper });
    const sms = renderHook(() => useSmsSync("x"), { wrapper });
    await settled();
    act(() => void world.server.commit("leads", "x", { status: "won" }));
    act(
      () => void world.server.commit("sms_logs", "s2", { person_id: "x", sent_at: "2026-06-01" }),
    );
    act(
      () => void world.server.commit("sms_logs", "s1", { person_id: "x", sent_at: "2026-05-01" }),
    );
    act(() => void world.server.commit("sms_logs", "s3", { person_id: "y", status: "failed" }));
    act(() => void world.server.commit("sms_logs", "s1", { status: "delivered" }));
    expect(lead.result.current.updatedLead).toMatchObject({ status: "won", updatedBy: BEN.email });
    expect(sms.result.current.updatedSms).toMatchObject({ id: "s1", status: "delivered" });
    expect(sms.result.current.messages.map(({ id }) => id)).toEqual(["s1", "s2"]);
  });

  it("usePolling asks every 20 seconds while the socket is down, and not while it is live", async () => {
    const poll = vi.fn();
    renderHook(() => usePolling(poll), { wrapper });
    await passed(60_000, 10_000);
    expect(poll).not.toHaveBeenCalled();
    act(() => {
      world.server.down = true;
      world.server.socket.break();
    });
    await passed(41_000, 1_000);
    expect(poll).toHaveBeenCalledTimes(2);
  });

  it("usePolling pauses while nobody looks, and asks at once when somebody does", async () => {
    const poll = vi.fn();
    const visibility = vi.spyOn(document, "visibilityState", "get");
    renderHook(() => usePolling(poll, { when: "always", intervalMs: 5_000 }), { wrapper });
    await passed(5_000);
    expect(poll).toHaveBeenCalledTimes(1);
    visibility.mockReturnValue("hidden");
    act(() => void document.dispatchEvent(new Event("visibilitychange")));
    await passed(60_000, 5_000);
    expect(poll).toHaveBeenCalledTimes(1);
    visibility.mockReturnValue("visible");
    act(() => void document.dispatchEvent(new Event("visibilitychange")));
    expect(poll).toHaveBeenCalledTimes(2);
  });

  it("useSyncMutation tells all about an action, and can start over", async () => {
    const { result } = renderHook(
      () =>
        useSyncMutation<{ appointmentId: string }, { appointment: { id: string } }>(
          "/api/bookings/confirm",
          {
            scope: "appointments/a1",
          },
        ),
      { wrapper },
    );
    expect(result.current).toMatchObject({
      status: "idle",
      isPending: false,
      attempt: 0,
      data: undefined,
      error: null,
    });
    world.server.faults.push({ kind: "lost" });
    act(() => void result.current.mutate({ appointmentId: "a1" }));
    expect(result.current).toMatchObject({ isPending: true, isQueued: false });
    await settled();
    expect(result.current).toMatchObject({ isPending: true, attempt: 1 });
    await passed(1_000);
    expect(result.current).toMatchObject({
      isSuccess: true,
      data: { appointment: { id: "a1" } },
      error: null,
    });
    act(() => result.current.reset());
    expect(result.current.status).toBe("idle");
    act(() => void result.current.mutate({ appointmentId: "a1" }));
    await settled();
    expect(result.current).toMatchObject({
      isError: true,
      error: { code: "ALREADY_CONFIRMED", status: 409 },
    });
  });

  it("useOfflineSync counts what waits, and sends it when asked", async () => {
    const { result } = renderHook(() => useOfflineSync(), { wrapper });
    expect(result.current).toMatchObject({ queued: [], isOnline: true, durable: true });
    await act(() => world.goOffline());
    await act(() => press(tab, confirm("a1")));
    expect(result.current).toMatchObject({ isOnline: false, waitingForNetwork: 1 });
    // The network is back, and the browser has not noticed.
    world.server.down = false;
    act(() => result.current.sync());
    await settled();
    expect(result.current.queued).toEqual([]);
    expect(world.server.effects).toHaveLength(1);
  });
});

describe("the library without hooks", () => {
  let world: World;
  beforeEach(() => {
    world = frozenWorld("a1");
    return async () => {
      await stopSync({ wipe: false });
      world.end();
    };
  });

  function start(): SyncClient {
    return startSync({
      user: { id: ANNA.id, orgId: "org-1" },
      tokens: { getToken: () => Promise.resolve("token") },
      browser: {
        fetch: world.server.fetch,
        indexedDB: world.indexedDB,
        locks: world.locks.manager,
        channel: world.channel,
        webSocket: world.server.open,
      },
    });
  }

  it("has nothing while nobody is signed in", async () => {
    expect(getOfflineQueue()).toEqual([]);
    await expect(syncOfflineQueue()).resolves.toBeUndefined();
    expect(getRealtimeSyncService().getSubscriptions()).toEqual([]);
    await expect(getRealtimeSyncService().waitForChange("leads", 1)).rejects.toThrow(
      "Nobody is signed in",
    );
  });

  it("shows the queue, sends it, and forgets it at sign-out", async () => {
    world.server.down = true;
    const client = start();
    await settle();
    await press(client, confirm("a1"));
    expect(getOfflineQueue()).toMatchObject([
      { endpoint: "/api/bookings/confirm", state: "queued" },
    ]);
    world.server.down = false;
    await syncOfflineQueue();
    await settle();
    expect(getOfflineQueue()).toEqual([]);
    expect(world.server.effects).toHaveLength(1);
    await stopSync({ wipe: true });
    expect(getRealtimeSyncService().getSubscriptions()).toEqual([]);
  });

  it("lets a listener come before the person does", async () => {
    const heard: unknown[] = [];
    getRealtimeSyncService().subscribe("appointments", ({ new: row }) => heard.push(row?.notes));
    start();
    await settle();
    world.server.commit("appointments", "a1", { notes: "hello" });
    expect(heard).toEqual(["hello"]);
  });
});

describe("a SyncProvider", () => {
  it("is needed", () => {
    vi.spyOn(console, "error").mockReturnValue();
    expect(() => render(<OfflineIndicator />)).toThrow("SyncProvider");
  });
});
