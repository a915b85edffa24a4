import { act, fireEvent, screen } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi, type Mock } from "vitest";

import type { SyncClient } from "@/sync/client";
import { en as messages } from "@/ui/messages";
import { OfflineIndicator } from "@/ui/offline-indicator";
import { SyncButton } from "@/ui/sync-button";
import type { Fault } from "./support/fake-types";
import { passed, renderFor, settled } from "./support/render";
import { confirm, frozenWorld, press, states, type World } from "./support/world";

const SEND = "/api/leads/send-sms";
const SENT = "Text sent";
const SMS = { id: "s1", leadId: "l1", message: "Hello", status: "pending" };
const BREAKER_OPEN = { success: false, code: "CIRCUIT_BREAKER_OPEN", error: "Not just now." };
const KEPT = { ...BREAKER_OPEN, retrying: true, sms: SMS };

describe("a text that the server keeps for later", () => {
  let world: World;
  let tab: SyncClient;
  let onSuccess: Mock<(data: unknown, kept: boolean) => void>;
  let onError: Mock<() => void>;
  beforeEach(async () => {
    [onSuccess, onError] = [vi.fn(), vi.fn()];
    world = frozenWorld();
    tab = await world.tab();
    return () => world.end();
  });

  const answer = (body: unknown, headers: Record<string, string> = {}): Fault => ({
    kind: "status",
    status: 503,
    body,
    headers: { "Retry-After": "300", ...headers },
  });
  const spoken = (): string => screen.getByTestId("live-region").textContent.trim();

  async function send(): Promise<void> {
    renderFor(
      tab,
      <>
        <SyncButton
          endpoint={SEND}
          scope="leads/l1"
          body={{ leadId: "l1", message: "Hello" }}
          successMessage={SENT}
          onSuccess={onSuccess}
          onError={onError}
        >
          Send
        </SyncButton>
        <OfflineIndicator />
      </>,
    );
    fireEvent.click(screen.getByRole("button"));
    await settled();
  }

  it("ends with the first answer, also where its button is not on the screen", async () => {
    world.server.faults.push(answer(KEPT));
    renderFor(tab, <OfflineIndicator />);
    const { key } = await act(() => press(tab, confirm("a1", { endpoint: SEND })));
    await passed(600_000, 30_000);
    expect(world.server.presses).toHaveLength(1);
    expect(tab.outbox.snapshot.settled.get(key)).toMatchObject({ status: "done", body: KEPT });
    expect(screen.getByTestId("offline-indicator").textContent).toBe("");
  });

  it("is told as kept, and nowhere as a failure", async () => {
    world.server.faults.push(answer(KEPT));
    await send();
    expect(onSuccess.mock.calls).toEqual([[KEPT, true]]);
    expect(onError).not.toHaveBeenCalled();
    const note = document.getElementById(
      screen.getByRole("button").getAttribute("aria-describedby") ?? "",
    );
    expect(note?.textContent).toBe(messages.button.keptNote);
    expect(spoken()).toBe(messages.button.keptNote);
    expect(screen.getByTestId("offline-indicator").textContent).toBe("");
  });

  it("is kept, too, when only the repeat of the press gets to hear of it", async () => {
    world.server.faults.push(
      { kind: "answer-lost" },
      answer(KEPT, { "Idempotent-Replayed": "true" }),
    );
    await send();
    await passed(1_000);
    expect(onSuccess.mock.calls).toEqual([[KEPT, true]]);
    expect(new Set(world.server.presses.map(({ key }) => key)).size).toBe(1);
  });

  it("is no success without the server's word that it goes on trying", async () => {
    world.server.faults.push(answer({ ...BREAKER_OPEN, sms: SMS }));
    await send();
    expect(states(tab)).toEqual(["queued"]);
    expect(onSuccess).not.toHaveBeenCalled();
    world.server.faults.push({ kind: "status", status: 200, body: { success: true, sms: SMS } });
    await passed(300_000, 30_000);
    expect(onSuccess.mock.calls).toEqual([[{ success: true, sms: SMS }, false]]);
    expect(spoken()).toBe(SENT);
  });
});
