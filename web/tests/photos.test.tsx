import { fireEvent, screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";

import JobPage from "@/features/job/job-page";
import type { SyncClient } from "@/sync/client";
import { en as messages } from "@/ui/messages";
import { renderFor, settled } from "./support/render";
import { frozenWorld, type World } from "./support/world";

const { job: words } = messages;
const path = (id: string): string => `/api/jobs/job_1/photos/${id}`;

describe("a photo of a job", () => {
  let world: World;
  let tab: SyncClient;
  beforeEach(async () => {
    world = frozenWorld();
    tab = await world.liveTab(["jobs"]);
    world.server.commit("jobs", "job_1", {
      workStatus: "in_progress",
      photosMeta: [{ id: "photo_1", name: "Left door" }, { id: "photo_2" }],
      receiptPhotos: [{ id: "photo_3", name: "Invoice" }],
      start: "2026-06-01T14:00:00Z",
      end: "2026-06-01T16:00:00Z",
    });
    world.server.lists.set("/api/jobs/job_1", () => ({ job: world.server.row("jobs", "job_1") }));
    for (const id of ["photo_1", "photo_2", "photo_3"])
      world.server.lists.set(path(id), () => ({ url: `https://photos.example/${id}` }));
    renderFor(tab, <JobPage id="job_1" />);
    await settled();
    return () => world.end();
  });

  const shown = (): string[] =>
    within(screen.getByRole("region", { name: words.photos }))
      .getAllByRole("img")
      .map((image) => image.getAttribute("src") ?? "");
  const ask = async (name: string): Promise<void> => {
    fireEvent.click(screen.getByRole("button", { name: `${words.removePhoto} ${name}` }));
    await settled();
  };
  const answer = (status: number, body: Record<string, unknown>): void => {
    world.server.faults.push({ kind: "status", status, body: { success: status < 300, ...body } });
  };

  it("is removed after a yes, and stays after a no", async () => {
    await ask("Left door");
    const dialog = screen.getByRole("dialog");
    expect(dialog.textContent).toContain(words.removeTitle);
    fireEvent.click(within(dialog).getByRole("button", { name: messages.button.cancel }));
    await settled();
    expect(shown()).toHaveLength(3);
    expect(world.server.presses).toEqual([]);
    const version = 9_000_000_000_000_000;
    const left = { id: "job_1", version, photosMeta: [{ id: "photo_2" }] };
    answer(200, { photo: { id: "photo_1", kind: "photo", status: "removed" }, job: left });
    await ask("Left door");
    fireEvent.click(screen.getByTestId("dialog-confirm"));
    await settled();
    expect(world.server.presses).toMatchObject([
      { method: "POST", path: `${path("photo_1")}/remove`, body: {} },
    ]);
    expect(shown()).toEqual(["https://photos.example/photo_2", "https://photos.example/photo_3"]);
  });

  it("without a name is told from the others by its place", async () => {
    answer(200, { photo: { id: "photo_2", kind: "photo", status: "removed" } });
    await ask(words.nthPhoto(2));
    fireEvent.click(screen.getByTestId("dialog-confirm"));
    await settled();
    expect(world.server.presses.map((press) => press.path)).toEqual([`${path("photo_2")}/remove`]);
  });

  it("is back when the server refuses", async () => {
    answer(403, { code: "FORBIDDEN", error: "No." });
    await ask("Invoice");
    fireEvent.click(screen.getByTestId("dialog-confirm"));
    await settled();
    expect(shown()).toHaveLength(3);
  });
});
