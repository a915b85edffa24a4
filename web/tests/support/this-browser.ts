/** Makes the browser of a world the one that the page under test runs in. */

import { vi } from "vitest";

import type { World } from "./world";

export function stubBrowser(world: World): void {
  vi.stubGlobal("fetch", world.server.fetch);
  vi.stubGlobal("indexedDB", world.indexedDB);
  vi.stubGlobal("WebSocket", function open(url: string) {
    return world.server.open(url);
  });
  vi.stubGlobal("BroadcastChannel", function open(name: string) {
    return world.channel(name);
  });
  Object.defineProperty(navigator, "locks", { value: world.locks.manager, configurable: true });
  localStorage.clear();
  sessionStorage.clear();
}
