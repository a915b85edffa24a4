/** Renders parts of the page for a person of a world. */

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render, type RenderResult } from "@testing-library/react";
import type { ReactNode } from "react";
import { vi } from "vitest";

import type { Me } from "@/api/me";
import { MeProvider } from "@/data/me";
import { SyncProvider } from "@/sync";
import { ZoneProvider } from "@/ui/clock";
import type { SyncClient } from "@/sync/client";
import {
  BookingConfirmButton,
  type BookingConfirmButtonProps,
} from "@/ui/buttons/booking-confirm-button";
import { LiveRegion } from "@/ui/live-region";
import { OWNER } from "./me";
import { pass, settle } from "./time";

export function renderFor(client: SyncClient, children: ReactNode, me: Me = OWNER): RenderResult {
  const queries = new QueryClient({
    defaultOptions: { queries: { retry: false, networkMode: "always" } },
  });
  const wrap = (content: ReactNode): ReactNode => (
    <QueryClientProvider client={queries}>
      <SyncProvider value={client}>
        <MeProvider value={me}>
          <ZoneProvider timeZone={me.org.timeZone}>{content}</ZoneProvider>
        </MeProvider>
        <LiveRegion />
      </SyncProvider>
    </QueryClientProvider>
  );
  const result = render(wrap(children));
  return { ...result, rerender: (content) => result.rerender(wrap(content)) };
}

/** The button that confirms appointment a1. */
export function renderConfirm(
  client: SyncClient,
  props: Partial<BookingConfirmButtonProps> = {},
): RenderResult {
  return renderFor(client, <BookingConfirmButton appointmentId="a1" {...props} />);
}

/** Lets everything happen that needs no time, and the page show it. */
export async function settled(rounds?: number): Promise<void> {
  await act(() => settle(rounds));
  // The query library tells of its news with a timer of no time at all.
  if (vi.isFakeTimers()) await act(() => vi.advanceTimersByTimeAsync(0));
  await act(() => settle(rounds));
}

/** Lets time pass, and the page show what comes of it. */
export async function passed(ms: number, stepMs?: number): Promise<void> {
  await act(() => pass(ms, stepMs));
}
