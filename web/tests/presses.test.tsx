import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { SyncProvider, useSyncMutation, type Mutated, type SyncMutationConfig } from "@/sync";
import type { SyncClient } from "@/sync/client";
import { passed, settled } from "./support/render";
import { CONFIRM, frozenWorld, states, type World } from "./support/world";

const SMS = "/api/leads/send-sms";

describe("presses of one button", () => {
  let world: World;
  let tab: SyncClient;
  beforeEach(async () => {
    world = frozenWorld("a1", "a2");
    tab = await world.liveTab();
    return () => world.end();
  });

  function hook<TBody, TData = unknown>(
    endpoint: string,
    config: SyncMutationConfig<TBody, TData>,
    client: SyncClient = tab,
  ) {
    const wrapper = ({ children }: { readonly children: ReactNode }): ReactNode => (
      <SyncProvider value={client}>{children}</SyncProvider>
    );
    return renderHook(() => useSyncMutation<TBody, TData>(endpoint, config), { wrapper });
  }

  const queue = (): unknown[] => tab.outbox.snapshot.items.map(({ body }) => body);

  it("are one with `one`: the second is dropped and says so", async () => {
    await act(() => world.goOffline());
    const { result } = hook(CONFIRM, { scope: "appointments/a1" });
    const answers: Mutated[] = [];
    act(() => {
      answers.push(result.current.mutate({ appointmentId: "a1" }));
      answers.push(result.current.mutate({ appointmentId: "a1" }));
    });
    await settled();
    expect(answers).toEqual([{ key: world.keys.at(-1) }, "dropped"]);
    expect(queue()).toHaveLength(1);
  });

  it("all count with `queue`: two texts written offline are two texts, in their order", async () => {
    await act(() => world.goOffline());
    const { result } = hook(SMS, { scope: "leads/l1", concurrency: "queue", eventTable: "" });
    act(() => void result.current.mutate({ message: "one" }));
    await settled();
    act(() => void result.current.mutate({ message: "two" }));
    await settled();
    expect(queue()).toEqual([{ message: "one" }, { message: "two" }]);
    expect(result.current.isQueued).toBe(true);
  });

  it("leave the last with `latest`, after the one that is on its way", async () => {
    const { result } = hook("/api/notes", {
      scope: "appointments/a1",
      concurrency: "latest",
      eventTable: "",
    });
    world.server.faults.push({ kind: "hang" });
    for (const step of [1, 2, 3]) {
      act(() => void result.current.mutate({ appointmentId: "a1", step }));
      await settled();
    }
    expect(queue()).toEqual([
      { appointmentId: "a1", step: 1 },
      { appointmentId: "a1", step: 3 },
    ]);
    await passed(20_000);
    expect(states(tab)).toEqual([]);
    expect(world.server.presses.map(({ body }) => (body as { step: number }).step)).toEqual([
      1, 1, 3,
    ]);
    expect(result.current.isSuccess).toBe(true);
  });

  it("wait for nothing without a scope", async () => {
    world.server.faults.push({ kind: "hang" });
    const first = hook(CONFIRM, {});
    const second = hook(CONFIRM, {});
    act(() => void first.result.current.mutate({ appointmentId: "a1" }));
    await settled();
    act(() => void second.result.current.mutate({ appointmentId: "a2" }));
    await settled();
    expect(second.result.current.isSuccess).toBe(true);
  });

  it("of several rows show all of them at once, and go after earlier presses on each", async () => {
    world.server.faults.push({ kind: "hang" });
    const one = hook(CONFIRM, { scope: "appointments/a2" });
    act(() => void one.result.current.mutate({ appointmentId: "a2" }));
    await settled();
    const both = hook<{ appointmentId: string }>("/api/notes", {
      scopes: ["appointments/a1", "appointments/a2"],
      eventTable: "",
      optimistic: () =>
        ["a1", "a2"].map((id) => ({ table: "appointments", id, fields: { notes: "soon" } })),
    });
    tab.rows.seed(
      ["a1", "a2"].map((id) => ({ table: "appointments", id, row: { id, version: 1 } })),
    );
    act(() => void both.result.current.mutate({ appointmentId: "a1" }));
    await settled();
    expect(tab.rows.rows("appointments").map(({ row }) => row.notes)).toEqual(["soon", "soon"]);
    expect(world.server.presses.map(({ path }) => path)).toEqual([CONFIRM]);
    await passed(20_000);
    expect(world.server.presses.map(({ path }) => path)).toEqual([CONFIRM, CONFIRM, "/api/notes"]);
  });

  it("are partial when some rows failed: no success, an error with the server's counts", async () => {
    const body = { success: false, updated: 2, failed: 1, message: "2 leads updated, 1 failed" };
    world.server.faults.push({ kind: "status", status: 207, body });
    const heard = { onSuccess: vi.fn(), onPartial: vi.fn(), onError: vi.fn() };
    const { result } = hook("/api/leads/update-status", { scope: "leads", ...heard });
    act(() => void result.current.mutate({ leadIds: ["1", "2", "3"], status: "won" }));
    await settled();
    expect(result.current).toMatchObject({ status: "partial", isPartial: true, data: body });
    expect(heard.onSuccess).not.toHaveBeenCalled();
    expect(heard.onPartial).toHaveBeenCalledExactlyOnceWith(body);
    expect(heard.onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ code: "PARTIAL", message: body.message, body }),
    );
    expect(states(tab)).toEqual([]);
  });

  it("tell how many rows are done while they are on their way", async () => {
    const onProgress = vi.fn();
    world.server.faults.push({ kind: "hang" });
    const { result } = hook<{ leadIds: string[] }>("/api/leads/update-status", {
      eventTable: "",
      total: ({ leadIds }) => leadIds.length,
      onProgress,
    });
    act(() => void result.current.mutate({ leadIds: ["1", "2"] }));
    await settled();
    const key = world.server.presses[0]?.key ?? null;
    act(() => void world.server.commit("leads", "1", { status: "won" }, { key }));
    tab.realtime.receive(world.server.commit("leads", "1", { status: "won" }, { key }), "tab");
    await settled();
    expect(result.current).toMatchObject({ processed: 1, total: 2 });
    expect(onProgress).toHaveBeenLastCalledWith({
      attempt: 1,
      maxAttempts: 5,
      processed: 1,
      total: 2,
    });
  });

  it("in two tabs at the same moment are one press", async () => {
    const other = await world.liveTab();
    const [mine, theirs] = [tab, other].map((client) =>
      hook(CONFIRM, { scope: "appointments/a1" }, client),
    );
    act(() => {
      mine?.result.current.mutate({ appointmentId: "a1" });
      theirs?.result.current.mutate({ appointmentId: "a1" });
    });
    await settled(200);
    expect(world.server.effects).toHaveLength(1);
    expect(new Set(world.server.presses.map(({ key }) => key)).size).toBe(1);
    expect([mine, theirs].map((each) => each?.result.current.status)).toEqual([
      "success",
      "success",
    ]);
  });
});
