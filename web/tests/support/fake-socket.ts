/** A WebSocket whose other end is the test. */

import type { SocketLike } from "@/sync/socket";

export class FakeSocket implements SocketLike {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;
  readonly sent: Record<string, unknown>[] = [];
  readonly url: string;
  state: "connecting" | "open" | "closed" = "connecting";
  /** The tables that the server has confirmed. */
  readonly tables = new Set<string>();
  /** Hears what the client sends. */
  onsend: (message: Record<string, unknown>) => void = () => undefined;

  constructor(url: string) {
    this.url = url;
  }

  send(data: string): void {
    if (this.state !== "open") throw new Error("Not open");
    const message = JSON.parse(data) as Record<string, unknown>;
    this.sent.push(message);
    this.onsend(message);
  }

  close(): void {
    this.state = "closed";
  }

  /** The server accepts. */
  accept(): void {
    if (this.state !== "connecting") return;
    this.state = "open";
    this.onopen?.();
  }

  /** The server says something. */
  say(message: object | string): void {
    if (this.state !== "open") return;
    this.onmessage?.({ data: typeof message === "string" ? message : JSON.stringify(message) });
  }

  /** The connection breaks, and the browser notices. */
  break(): void {
    if (this.state === "closed") return;
    this.state = "closed";
    this.tables.clear();
    this.onclose?.();
  }
}
