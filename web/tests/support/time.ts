/** Time that stands still until a test moves it. */

import { vi } from "vitest";

const START = Date.UTC(2026, 5, 1, 15, 0, 0);

/** Freezes the clock and all timers; the fake database goes on by itself. */
export function freezeTime(at: number = START): void {
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"],
    now: at,
  });
}

/** Lets everything happen that needs no time to pass. */
export async function settle(rounds = 60): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

/** Lets this much time pass, in steps in which everything due may happen. */
export async function pass(ms: number, stepMs = 500, rounds = 60): Promise<void> {
  for (let left = ms; left > 0; left -= stepMs) {
    await vi.advanceTimersByTimeAsync(Math.min(left, stepMs));
    await settle(rounds);
  }
}
