import { afterEach, vi } from "vitest";

// What the library asks of a page beyond what the tests give it.
for (const [name, value] of Object.entries({
  location: new URL("http://localhost/"),
  navigator: {},
})) {
  Object.defineProperty(globalThis, name, { value, configurable: true });
}

afterEach(() => {
  vi.useRealTimers();
});
