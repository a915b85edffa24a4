import { act, fireEvent, screen } from "@testing-library/react";
import axe from "axe-core";
import { beforeEach, describe, expect, it } from "vitest";

import { TodayPage } from "@/features/today/today-page";
import { announce } from "@/ui/live-region";
import { en as messages } from "@/ui/messages";
import { OfflineIndicator } from "@/ui/offline-indicator";
import { book, serveBookings } from "./support/bookings";
import { passed, renderConfirm, renderFor, settled } from "./support/render";
import { freezeTime } from "./support/time";
import { World } from "./support/world";

// jsdom lays nothing out: colours and sizes are looked at in a browser.
const RULES = { "color-contrast": { enabled: false }, region: { enabled: false } };

async function violations(): Promise<string[]> {
  const { violations: found } = await axe.run(document.body, { rules: RULES });
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

describe("accessibility", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    book(world.server, "a1", Date.now() + 2 * 3_600_000, { contact_name: "Jane Roe" });
    serveBookings(world.server);
    return () => world.end();
  });

  it("finds nothing wrong with the page, nor while it is offline with something queued", async () => {
    const tab = await world.tab();
    renderFor(
      tab,
      <main>
        <TodayPage />
        <OfflineIndicator />
      </main>,
    );
    await settled();
    expect(await violations()).toEqual([]);
    await act(() => world.goOffline());
    fireEvent.click(screen.getAllByRole("button", { name: /^Confirm/ })[0] ?? document.body);
    await settled();
    expect(screen.getByTestId("offline-indicator").dataset.queued).toBe("1");
    expect(await violations()).toEqual([]);
  });

  it("finds nothing wrong with the question before an action", async () => {
    const tab = await world.tab();
    renderConfirm(tab, { variant: "with-confirm", confirmMessage: "Jane has not paid yet." });
    fireEvent.click(screen.getByRole("button"));
    expect(await violations()).toEqual([]);
  });

  it("names the button by what it does and to whom", async () => {
    const tab = await world.tab();
    renderConfirm(tab, { context: messages.confirmBooking.context("Jane", "9 AM") });
    expect(
      screen.getByRole("button", { name: /^Confirm\s+the booking of Jane, 9 AM$/ }),
    ).toBeTruthy();
  });

  it("has one polite live region, which is there before it speaks", async () => {
    const tab = await world.tab();
    renderFor(tab, <OfflineIndicator />);
    const regions = document.querySelectorAll("[aria-live], [role=status]");
    expect([...regions].map((region) => region.getAttribute("aria-live"))).toEqual(["polite"]);
  });

  it("says the same twice when it is announced twice", async () => {
    freezeTime();
    const tab = await world.tab();
    renderFor(tab, null);
    const texts: string[] = [];
    const heard = (): void => void texts.push(screen.getByTestId("live-region").textContent);
    act(() => ["Saved", "Saved", "Sent"].forEach((text) => announce(text)));
    heard();
    for (let each = 0; each < 2; each += 1) {
      await passed(400);
      heard();
    }
    expect(texts[0]).not.toBe(texts[1]);
    // Nothing that is said at the same moment is lost.
    expect(texts.map((text) => text.trim())).toEqual(["Saved", "Saved", "Sent"]);
  });
});
