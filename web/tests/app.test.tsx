import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, fireEvent, render, screen, within, type RenderResult } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { App } from "@/app/app";
import { LocaleRoot } from "@/app/locale-root";
import { toMe } from "@/api/me";
import { openClient } from "@/app/session";
import { stopSync } from "@/sync";
import { en as messages } from "@/ui/messages";
import { book, serveBookings } from "./support/bookings";
import { ANNA, BEN, type Actor } from "./support/fake-types";
import { passed, settled } from "./support/render";
import { stubBrowser } from "./support/this-browser";
import { confirm, frozenWorld, type World } from "./support/world";

const ME = "/api/me";
const ORG = "Gleam Detailing";

describe("the page on its way up", () => {
  let world: World;
  let page: RenderResult;
  let signedIn: Actor;
  beforeEach(() => {
    world = frozenWorld();
    stubBrowser(world);
    signedIn = ANNA;
    for (const id of ["a1", "a2"]) book(world.server, id, Date.now() + 3_600_000);
    serveBookings(world.server);
    world.server.lists.set("/sandbox/tokens", () => ({ users: [ANNA, BEN].map(user) }));
    world.server.lists.set(ME, () => ({ me: me(signedIn) }));
    return async () => {
      await stopSync({ wipe: false });
      world.end();
    };
  });

  const user = ({ id, email }: Actor): unknown => ({ name: id, email, token: `secret-${id}` });
  const me = ({ id, email }: Actor): unknown => ({
    id,
    email,
    org_id: "org-1",
    org: { name: ORG, time_zone: "America/Chicago" },
  });
  const row = (id: string): HTMLElement | null =>
    document.querySelector(`[data-appointment-id=${id}]`);
  const queued = (): string | undefined => screen.getByTestId("offline-indicator").dataset.queued;
  const alert = (): HTMLElement => screen.getByRole("alert");

  /** One answer leads to the next question. */
  const upToDate = (): Promise<void> => passed(50, 10);

  async function open(): Promise<void> {
    const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
    page = render(
      <QueryClientProvider client={queries}>
        <LocaleRoot>
          <App />
        </LocaleRoot>
      </QueryClientProvider>,
    );
    await upToDate();
  }

  async function reload(): Promise<void> {
    page.unmount();
    await stopSync({ wipe: false });
    await open();
  }

  async function press(): Promise<void> {
    fireEvent.click(within(row("a1") ?? document.body).getByRole("button", { name: /^Confirm/ }));
    await settled();
  }

  /** Presses a button while no request arrives. */
  async function pressAway(): Promise<void> {
    await open();
    world.server.down = true;
    await press();
  }

  const fetched = (path: string): number =>
    world.server.seen.filter((seen) => seen.path === path).length;

  it("shows what is queued after a reload without the server, and heals by itself", async () => {
    await pressAway();
    await reload();
    expect(screen.getByTestId("org-name").textContent).toBe(ORG);
    expect(queued()).toBe("1");
    await passed(4_000);
    const banner = screen.getByTestId("offline-banner").textContent;
    expect(banner).toContain(messages.queue.noNetwork);
    expect(banner).toContain(messages.queue.queued(1));
    // The rows of the last page are there, and marked as old.
    expect(row("a1")?.dataset.tentative).toBe("true");
    expect(alert().textContent).toContain(messages.list.failedButShown);
    await passed(60_000, 10_000);
    expect(queued()).toBe("1");
    expect(screen.queryByTestId("unknown-action")).toBeNull();
    world.server.down = false;
    await passed(32_000, 4_000);
    expect(queued()).toBe("0");
    expect(world.server.effects).toHaveLength(1);
    expect(row("a1")?.dataset.status).toBe("confirmed");
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("sends nothing before the server has said that it is still the same person", async () => {
    await pressAway();
    world.server.down = false;
    world.server.away.add(ME);
    await reload();
    await passed(60_000, 10_000);
    expect(queued()).toBe("1");
    expect(world.server.presses).toEqual([]);
    world.server.away.clear();
    await passed(32_000, 4_000);
    expect(world.server.effects).toHaveLength(1);
  });

  it.each([{ id: "u-new" }, { orgId: "org-2" }])("has no token for who is %o now", async (now) => {
    const before = toMe({ ...ANNA, org_id: "org-1", org: { name: ORG, time_zone: "UTC" } });
    const tokens = { getToken: () => Promise.resolve("secret") };
    const client = openClient(before, tokens, () => Promise.resolve({ ...before, ...now }));
    await client.outbox.enqueue(confirm("a1"));
    await settled();
    expect(client.outbox.snapshot.items).toMatchObject([{ waiting: "sign-in" }]);
    expect(world.server.seen).toEqual([]);
  });

  it("shows the queue, too, to whom the server does not know without another sign-in", async () => {
    await pressAway();
    world.server.down = false;
    world.server.refused.add(`secret-${ANNA.id}`);
    await reload();
    await passed(1_000);
    expect(queued()).toBe("1");
    expect(screen.getByTestId("offline-banner").textContent).toContain(messages.queue.signIn);
  });

  it("shows nothing of the queue to somebody else", async () => {
    await open();
    world.server.faults.push({ kind: "hang" });
    await press();
    signedIn = { ...ANNA, id: "u-anna-again" };
    await reload();
    await passed(60_000, 10_000);
    expect(queued()).toBe("0");
    expect(world.server.presses).toHaveLength(1);
  });

  it("goes on at once when the person asks for it", async () => {
    await pressAway();
    await reload();
    await passed(5_000);
    world.server.down = false;
    fireEvent.click(screen.getByRole("button", { name: messages.outbox.sendNow }));
    await upToDate();
    expect(queued()).toBe("0");
    expect(row("a2")).not.toBeNull();
  });

  it("goes on at once when the browser notices that the network is back", async () => {
    await pressAway();
    await reload();
    await passed(5_000);
    world.server.down = false;
    act(() => void dispatchEvent(new Event("online")));
    await upToDate();
    expect(world.server.effects).toHaveLength(1);
    expect(row("a2")).not.toBeNull();
  });

  it("says that the server is away, and comes up when it is back, on a first visit", async () => {
    world.server.down = true;
    await open();
    expect(screen.getByTestId("notice").textContent).toContain(messages.app.noServer);
    world.server.away.add(ME);
    world.server.down = false;
    await passed(13_500);
    expect(alert().textContent).toContain(messages.app.noSession);
    world.server.away.clear();
    await passed(10_000);
    expect(screen.getByTestId("org-name").textContent).toBe(ORG);
  });

  it("takes a gateway that has no server for one that is away", async () => {
    vi.stubGlobal("fetch", () => Promise.resolve(new Response("Bad gateway", { status: 502 })));
    await open();
    expect(screen.getByTestId("notice").textContent).toContain(messages.app.noServer);
  });

  it("is still the same person's after a reload without the server", async () => {
    await open();
    // Meanwhile another tab has changed to somebody else.
    localStorage.setItem("closed-loop:person", BEN.email);
    world.server.down = true;
    await reload();
    expect(screen.getByTestId("account-menu").textContent).toContain(ANNA.id);
  });

  it("reads a list that could not be read again by itself, also while it is live", async () => {
    world.server.away.add("/api/appointments");
    await open();
    await passed(4_000);
    expect(alert().textContent).toContain(messages.list.failed(messages.today.title));
    world.server.away.clear();
    await passed(20_000, 5_000);
    expect(row("a2")).not.toBeNull();
  });

  it("asks who it is once where all is well", async () => {
    await open();
    await passed(60_000, 10_000);
    expect(fetched(ME)).toBe(1);
  });

  it("stores no token, and nothing of who has signed out", async () => {
    await open();
    const stored = (): string => JSON.stringify([localStorage, sessionStorage]);
    expect(stored()).toContain(ANNA.email);
    fireEvent.change(screen.getByTestId("user-switcher"), { target: { value: BEN.email } });
    signedIn = BEN;
    await settled();
    expect(stored()).toContain(BEN.email);
    expect(stored()).not.toContain(ANNA.email);
    expect(stored()).not.toContain("secret");
  });

  it("works without a place to remember anybody", async () => {
    vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new Error("full");
    });
    await open();
    expect(row("a1")).not.toBeNull();
  });

  it("makes nothing of what another release has stored", async () => {
    await open();
    localStorage.setItem("closed-loop:known", JSON.stringify([{ person: ANNA, me: {} }, 7]));
    world.server.down = true;
    await reload();
    expect(screen.getByTestId("notice").textContent).toContain(messages.app.noServer);
    expect(screen.queryByRole("alert")).toBeNull();
  });
});
