import { cleanup } from "@testing-library/react";
import { afterEach, vi } from "vitest";

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

// jsdom has no pointer that could be captured.
Element.prototype.setPointerCapture = () => undefined;

// jsdom knows the element but not how to show it.
HTMLDialogElement.prototype.showModal = function showModal(this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close = function close(this: HTMLDialogElement) {
  this.open = false;
  this.dispatchEvent(new Event("close"));
};

// jsdom has pointers, and no way to keep one.
Element.prototype.setPointerCapture = () => undefined;
