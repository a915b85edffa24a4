import { beforeEach, describe, expect, it, test } from "vitest";

import { backoffMs, retryAfterMs } from "@/sync/backoff";
import { localError } from "@/sync/errors";
import type { HttpReply } from "@/sync/http";
import { outcomeOf } from "@/sync/outcome";
import type { SyncClient } from "@/sync/client";
import { pass, settle } from "./support/time";
import { confirm, frozenWorld, onlyItem, press, states, type World } from "./support/world";

const reply = (
  status: number,
  body: unknown = {},
  retryAfter: string | null = null,
): HttpReply => ({
  status,
  body,
  retryAfter,
  replayed: false,
});

describe("backoff", () => {
  test.each([
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
    [4, 8_000],
    [5, 16_000],
    [6, 30_000],
    [60, 30_000],
  ])("after attempt %i waits at most %i ms", (attempt, most) => {
    expect(backoffMs(attempt, () => 1)).toBe(most);
  });

  it("has full jitter: from nothing to the whole wait", () => {
    expect(backoffMs(4, () => 0)).toBe(0);
    expect(backoffMs(4, () => 0.25)).toBe(2_000);
  });
});

describe("Retry-After", () => {
  const now = Date.UTC(2026, 0, 1, 12, 0, 0);
  test.each([
    ["7", 7_000],
    ["Thu, 01 Jan 2026 12:00:30 GMT", 30_000],
    ["Thu, 01 Jan 2026 11:00:00 GMT", 0],
    ["soon", null],
    [null, null],
    ["9999999", 86_400_000],
  ])("%s asks for %s ms", (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms);
  });
});

describe("what an answer means", () => {
  test.each([
    [408, {}, "retry"],
    [429, { code: "RATE_LIMITED" }, "retry"],
    [409, { code: "REQUEST_IN_PROGRESS" }, "retry"],
    [500, {}, "retry"],
    [502, undefined, "retry"],
    [503, { code: "UNAVAILABLE" }, "retry"],
    [504, {}, "retry"],
    [400, { code: "VALIDATION_FAILED" }, "refused"],
    [403, { code: "FORBIDDEN" }, "refused"],
    [404, { code: "NOT_FOUND" }, "refused"],
    [409, { code: "ALREADY_CONFIRMED" }, "refused"],
    [410, { code: "HOLD_EXPIRED" }, "refused"],
    [413, {}, "refused"],
    [422, { code: "IDEMPOTENCY_KEY_REUSED" }, "refused"],
    [503, { code: "CIRCUIT_BREAKER_OPEN", retrying: true, sms: { id: "s1" } }, "done"],
    [503, { code: "CIRCUIT_BREAKER_OPEN", retrying: true }, "retry"],
    [503, { code: "CIRCUIT_BREAKER_OPEN", sms: { id: "s1" } }, "retry"],
    [500, { retrying: true, sms: { id: "s1" } }, "retry"],
    [401, {}, "signed-out"],
    [200, { success: true }, "done"],
    [207, { success: false, updated: 1, failed: 1 }, "partial"],
    [207, { success: true, updated: 2, failed: 0 }, "done"],
    [200, "<html>Welcome to the hotel</html>", "retry"],
    [200, undefined, "retry"],
    [302, undefined, "retry"],
  ])("%i %o: %s", (status, body, kind) => {
    expect(outcomeOf(reply(status, body), 0).kind).toBe(kind);
  });
});

describe("retry", () => {
  let world: World;
  let tab: SyncClient;
  beforeEach(async () => {
    world = frozenWorld("a1");
    tab = await world.tab();
    return () => world.end();
  });

  it("repeats with the same key after 1, 2, 4 and 8 seconds, then asks the person", async () => {
    world.server.faults.push(
      ...Array.from({ length: 9 }, () => ({ kind: "status", status: 500 }) as const),
    );
    const { key } = await press(tab, confirm("a1"));
    const counts = [world.server.presses.length];
    for (const wait of [1_000, 2_000, 4_000, 8_000]) {
      await pass(wait - 1);
      counts.push(world.server.presses.length);
      await pass(1);
      counts.push(world.server.presses.length);
    }
    expect(counts).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5]);
    expect(onlyItem(tab)).toMatchObject({
      state: "unknown",
      attempt: 5,
      error: { code: "HTTP_500" },
    });
    await pass(600_000, 60_000);
    expect(world.server.presses.map((press) => press.key)).toEqual([key, key, key, key, key]);
  });

  it("starts an unknown item again when the person asks, with the same key", async () => {
    world.server.faults.push(
      ...Array.from({ length: 5 }, () => ({ kind: "answer-lost" }) as const),
    );
    const { key } = await press(tab, confirm("a1"));
    await pass(20_000);
    expect(states(tab)).toEqual(["unknown"]);
    await tab.outbox.retry(key);
    await settle();
    expect(tab.outbox.snapshot.settled.get(key)).toMatchObject({ status: "done", replayed: true });
    expect(world.server.effects).toEqual([key]);
  });

  it("waits as long as Retry-After asks, even when the network comes back earlier", async () => {
    const headers = { "Retry-After": "20" };
    world.server.faults.push({ kind: "status", status: 429, headers });
    await press(tab, confirm("a1"));
    world.signals.emit("online");
    await pass(19_999);
    expect(world.server.presses).toHaveLength(1);
    await pass(1);
    expect(world.server.presses).toHaveLength(2);
    expect(states(tab)).toEqual([]);
  });

  it("repeats a request that is still in progress", async () => {
    const body = { success: false, code: "REQUEST_IN_PROGRESS" };
    world.server.faults.push({
      kind: "status",
      status: 409,
      body,
      headers: { "Retry-After": "2" },
    });
    await press(tab, confirm("a1"));
    await pass(2_000);
    expect(world.server.effects).toHaveLength(1);
    expect(states(tab)).toEqual([]);
  });

  it("never repeats a refusal", async () => {
    world.server.faults.push({
      kind: "status",
      status: 400,
      body: { success: false, code: "VALIDATION_FAILED" },
    });
    await press(tab, confirm("a1"));
    await pass(120_000, 10_000);
    expect(world.server.presses).toHaveLength(1);
    expect(onlyItem(tab)).toMatchObject({
      state: "rejected",
      error: { code: "VALIDATION_FAILED" },
    });
  });

  it("gives up an answer after 15 seconds and asks again", async () => {
    world.server.faults.push({ kind: "commit-then-hang" });
    const { key } = await press(tab, confirm("a1"));
    await pass(14_999);
    expect(onlyItem(tab)).toMatchObject({ state: "sending", attempt: 1 });
    await pass(1);
    expect(onlyItem(tab)).toMatchObject({
      state: "queued",
      waiting: "retry",
      error: localError("TIMEOUT"),
    });
    await pass(1_000);
    expect(tab.outbox.snapshot.settled.get(key)).toMatchObject({ status: "done", replayed: true });
    expect(world.server.effects).toEqual([key]);
  });

  it("keeps an item queued, however long, while the browser says that there is no network", async () => {
    await world.goOffline();
    await press(tab, confirm("a1"));
    await pass(3_600_000, 30_000);
    expect(onlyItem(tab)).toMatchObject({ state: "queued", waiting: "network", attempt: 0 });
    await world.goOnline();
    expect(states(tab)).toEqual([]);
    expect(world.server.effects).toHaveLength(1);
  });

  it("gets through when the browser is wrong about being offline", async () => {
    world.online = false;
    await press(tab, confirm("a1"));
    expect(world.server.effects).toHaveLength(1);
  });

  it("has five new attempts after the network was away, and only then", async () => {
    world.server.faults.push(...Array.from({ length: 12 }, () => ({ kind: "lost" }) as const));
    await press(tab, confirm("a1"));
    await pass(7_000);
    expect(onlyItem(tab)).toMatchObject({ state: "queued", attempt: 4 });
    world.signals.emit("wake");
    await settle();
    expect(onlyItem(tab)).toMatchObject({ state: "unknown", attempt: 5 });
    world.signals.emit("online");
    await settle();
    expect(onlyItem(tab)).toMatchObject({ state: "queued", attempt: 1 });
    await pass(60_000, 5_000);
    expect(world.server.faults).toHaveLength(2);
    expect(onlyItem(tab)).toMatchObject({ state: "unknown", attempt: 5 });
  });

  it("tries a waiting item at once when the tab is looked at again", async () => {
    world.server.faults.push({ kind: "lost" }, { kind: "lost" }, { kind: "lost" });
    await press(tab, confirm("a1"));
    await pass(3_000);
    expect(world.server.faults).toHaveLength(0);
    world.signals.emit("wake");
    await settle();
    expect(world.server.effects).toHaveLength(1);
  });

  it("does not send by itself what the server may have forgotten", async () => {
    world.server.faults.push({ kind: "answer-lost" });
    await press(tab, confirm("a1"));
    tab.stop();
    await pass(24 * 3_600_000, 3_600_000);
    const later = await world.tab();
    expect(onlyItem(later)).toMatchObject({ state: "unknown", error: { code: "KEY_EXPIRED" } });
    expect(world.server.presses).toHaveLength(1);
  });
});
