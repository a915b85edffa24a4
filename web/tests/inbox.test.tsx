import { act, fireEvent, screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";

import { toText } from "@/api/texts";
import { waits } from "@/data/unanswered";
import { useUnansweredCount } from "@/data/use-unanswered";
import InboxPage from "@/features/inbox/inbox-page";
import { TodayPage } from "@/features/today/today-page";
import type { SyncClient } from "@/sync/client";
import { en as messages } from "@/ui/messages";
import { passed, renderFor, settled } from "./support/render";
import WORDS from "../../tests/texts/waiting_words.json";
import { frozenWorld, type World } from "./support/world";

const at = (minute: number): string => `2026-06-01T10:${String(minute).padStart(2, "0")}:00.000Z`;

/** A row of the list of conversations. */
function thread(id: string, minute: number, unanswered: boolean, message = `Text ${id}`): unknown {
  return {
    person: { kind: "leads", id, name: `Person ${id}`, phone: "+13125550142" },
    last: {
      id: `sms-${id}`,
      message,
      status: unanswered ? "received" : "sent",
      direction: unanswered ? "in" : "out",
      sentAt: at(minute),
    },
    at: at(minute),
    unanswered,
  };
}

describe("what waits for an answer", () => {
  it.each(WORDS)("$message: as the server judges it", ({ message, waits: expected }) => {
    const row = { id: "s", person_id: "p", direction: "in", status: "received", message };
    const judged = (more: Record<string, unknown>): boolean => {
      const text = toText({ ...row, created_at: at(1), ...more });
      if (text === null) throw new Error("The row is no text");
      return waits(text);
    };
    expect(judged({})).toBe(expected);
    expect(judged({ direction: "out" })).toBe(false);
    expect(judged({ answer: "Thank you." })).toBe(false);
  });
});

describe("conversations", () => {
  let world: World;
  let tab: SyncClient;
  /** Of these the list is made, page by page. */
  let pages: unknown[][];
  let waiting: unknown[];
  let readAt: string;
  beforeEach(async () => {
    world = frozenWorld();
    pages = [[thread("b", 9, false), thread("a", 5, true)]];
    readAt = at(10);
    waiting = [thread("a", 5, true), thread("z", 2, true)];
    world.server.lists.set("/api/sms/threads", () => {
      const query = new URLSearchParams(world.server.seen.at(-1)?.path.split("?")[1]);
      if (query.get("unanswered") === "true")
        return { success: true, threads: waiting, cursor: null, read_at: readAt };
      const page = Number(query.get("cursor") ?? "0");
      const cursor = page + 1 < pages.length ? String(page + 1) : null;
      return { success: true, threads: pages[page] ?? [], cursor };
    });
    tab = await world.tab();
    return () => world.end();
  });

  const names = (): string[] =>
    screen
      .getAllByRole("link")
      .map((link) => /Person \w|Unnamed/.exec(link.textContent)?.[0] ?? "")
      .filter((name) => name !== "");

  function write(id: string, person: string, minute: number, more: Record<string, unknown>): void {
    act(
      () =>
        void world.server.commit("sms_logs", id, {
          person_table: "leads",
          person_id: person,
          direction: "in",
          status: "received",
          message: "And one more thing?",
          created_at: at(minute),
          ...more,
        }),
    );
  }

  async function showInbox(): Promise<void> {
    renderFor(tab, <InboxPage />);
    await settled();
    await passed(50, 10);
  }

  it("are there in a browser that is new here: who waits first, however long ago they wrote", async () => {
    await showInbox();
    expect(names()).toEqual(["Person a", "Person z", "Person b"]);
    expect(screen.getByText(`2 ${messages.inbox.unanswered.toLowerCase()}`)).toBeTruthy();
  });

  it("follow the socket: an answer settles one, a new text opens one, a word that is obeyed none", async () => {
    await showInbox();
    write("s1", "a", 20, { direction: "out", status: "sent", message: "At nine." });
    expect(names()).toEqual(["Person z", "Person a", "Person b"]);
    write("s2", "b", 21, {});
    expect(names()).toEqual(["Person b", "Person z", "Person a"]);
    write("s3", "b", 22, { message: "Stop." });
    expect(names()).toEqual(["Person z", "Person b", "Person a"]);
    write("s4", "z", 1, { direction: "out", message: "Older than what was read" });
    expect(names()[0]).toBe("Person z");
  });

  it("say at which hour of today somebody wrote, of other days which", async () => {
    waiting = [];
    const older = thread("o", 3, false) as { last: { sentAt: string } };
    older.last.sentAt = "2026-05-30T10:03:00.000Z";
    pages = [[thread("b", 9, false), older]];
    await showInbox();
    const said = [...document.querySelectorAll("time")].map(({ textContent }) => textContent);
    expect(said).toEqual(["5:09 AM", "May 30"]);
  });

  it("go on with earlier ones, nobody twice", async () => {
    pages.push([thread("c", 3, false), thread("z", 2, true)]);
    await showInbox();
    fireEvent.click(screen.getByRole("button", { name: messages.inbox.olderConversations }));
    await passed(50, 10);
    expect(names()).toEqual(["Person a", "Person z", "Person b", "Person c"]);
    expect(screen.queryByRole("button", { name: messages.inbox.olderConversations })).toBeNull();
  });

  it("ask who somebody is of whom the socket alone has told", async () => {
    await showInbox();
    world.server.lists.set("/api/leads/new", () => ({
      success: true,
      lead: { id: "new", version: 1, name: "Person n", status: "new" },
    }));
    write("s1", "new", 30, {});
    await passed(50, 10);
    expect(names()[0]).toBe("Person n");
  });

  it("say when they cannot be read, and are read again", async () => {
    world.server.away.add("/api/sms/threads");
    await showInbox();
    await passed(4_000);
    const alert = screen.getByRole("alert");
    world.server.away.clear();
    fireEvent.click(within(alert).getByRole("button", { name: messages.button.retry }));
    await passed(50, 10);
    expect(names()).toContain("Person b");
  });

  it("stand on Today, the one who waits longest first", async () => {
    world.server.lists.set("/api/appointments", () => ({ success: true, appointments: [] }));
    renderFor(tab, <TodayPage />);
    await passed(50, 10);
    const group = within(screen.getByRole("region", { name: messages.today.unanswered }));
    expect(group.getAllByRole("link").map(({ textContent }) => textContent)).toEqual([
      "Person z",
      "Person a",
    ]);
  });

  it("are counted live; what was answered while nobody was here counts no more", async () => {
    function Count() {
      return <output data-testid="count">{useUnansweredCount()}</output>;
    }
    const count = (): string | null => screen.getByTestId("count").textContent;
    // Kept from an earlier day: somebody has answered this on another computer.
    write("kept", "k", 0, { created_at: "2026-05-01T10:00:00.000Z" });
    await settled();
    renderFor(tab, <Count />);
    await passed(50, 10);
    expect(count()).toBe("2");
    write("s1", "n", 40, {});
    expect(count()).toBe("3");
    write("s2", "a", 41, { direction: "out", status: "sent" });
    expect(count()).toBe("2");
    waiting = [];
    act(() => tab.realtime.resyncs.emit(undefined));
    await passed(50, 10);
    // What came a moment before it was read the list may not know yet.
    expect(count()).toBe("1");
    readAt = at(50);
    act(() => tab.realtime.resyncs.emit(undefined));
    await passed(50, 10);
    expect(count()).toBe("0");
  });
});
