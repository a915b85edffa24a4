import { act, fireEvent, screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { toJob } from "@/api/jobs";
import { Notes } from "@/features/job/notes";
import { Stepper } from "@/features/job/stepper";
import { MarkBookedButton, MarkLostButton } from "@/ui/buttons/contact-buttons";
import { en as messages } from "@/ui/messages";
import { renderFor, settled } from "./support/render";
import { frozenWorld } from "./support/world";

it("actions of one endpoint on one row are not taken for each other", async () => {
  const world = frozenWorld();
  const tab = await world.liveTab(["contacts", "jobs"]);
  await act(() => world.goOffline());
  const time = "2026-06-01T14:00:00Z";
  const job = toJob({ id: "j1", workStatus: "scheduled", start: time, end: time });
  if (job === null) throw new Error("No job");
  renderFor(
    tab,
    <>
      <Notes job={job} />
      <Stepper job={job} />
      <MarkBookedButton contactId="c1" />
      <MarkLostButton contactId="c1" variant="default" />
    </>,
  );
  fireEvent.change(screen.getByRole("textbox"), { target: { value: "Scratch" } });
  for (const name of [
    messages.job.save,
    messages.job.steps.ready ?? "",
    messages.markBooked.label,
    messages.markLost.label,
  ]) {
    fireEvent.click(screen.getByRole("button", { name }));
    await settled();
  }
  expect(tab.outbox.snapshot.items.map(({ body }) => body)).toMatchObject([
    { notes: "Scratch" },
    { workStatus: "ready" },
    { lead_status: "booked" },
    { lead_status: "lost" },
  ]);
  world.end();
});
