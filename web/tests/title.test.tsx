import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";

import { App } from "@/app/app";
import { LocaleRoot } from "@/app/locale-root";
import { stopSync } from "@/sync";
import { en as messages } from "@/ui/messages";
import { serveBookings } from "./support/bookings";
import { ANNA } from "./support/fake-types";
import { passed } from "./support/render";
import { stubBrowser } from "./support/this-browser";
import { frozenWorld, type World } from "./support/world";

describe("the title of the tab", () => {
  let world: World;
  beforeEach(() => {
    world = frozenWorld();
    stubBrowser(world);
    serveBookings(world.server);
    const { id, email } = ANNA;
    const org = { name: "Gleam Detailing", time_zone: "America/Chicago" };
    world.server.lists.set("/sandbox/tokens", () => ({
      users: [{ name: id, email, token: "secret" }],
    }));
    world.server.lists.set("/api/me", () => ({ me: { id, email, org_id: "org-1", org } }));
    world.server.lists.set("/api/sms/threads", () => ({ success: true, threads: [] }));
    return async () => {
      await stopSync({ wipe: false });
      world.end();
    };
  });

  function write(id: string, direction: string): void {
    const created_at = new Date(Date.now()).toISOString();
    const text = { person_table: "leads", person_id: "lead-1", message: "When?" };
    act(() => {
      world.server.commit("sms_logs", id, { ...text, status: "received", direction, created_at });
    });
  }

  it("says how many wait for an answer, as it changes", async () => {
    const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
    render(
      <QueryClientProvider client={queries}>
        <LocaleRoot>
          <App />
        </LocaleRoot>
      </QueryClientProvider>,
    );
    await passed(50, 10);
    const title = `${messages.nav.today} – ${messages.app.name}`;
    expect(document.title).toBe(title);
    write("s1", "in");
    expect(document.title).toBe(`(1) ${title}`);
    write("s2", "out");
    expect(document.title).toBe(title);
  });
});
