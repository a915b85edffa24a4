/** What the tabs of one person tell each other. */

import { Emitter } from "./emitter";
import type { OutboxItem, Settlement } from "./outbox-item";
import type { ChangeEvent } from "./protocol";
import type { FoundRow } from "./rows";

export type TabMessage =
  | {
      readonly kind: "outbox";
      readonly key: string;
      /** The item as it is now; null when it is gone. */
      readonly item: OutboxItem | null;
      readonly settlement: Settlement | null;
    }
  /** The outbox was emptied at sign-out. */
  | { readonly kind: "wiped" }
  | { readonly kind: "change"; readonly change: ChangeEvent }
  | { readonly kind: "rows"; readonly rows: readonly FoundRow[] };

/** The part of BroadcastChannel that is used. */
export interface Channel {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

/** The other tabs of the same person; nobody at all where the browser has no channel. */
export class Tabs {
  readonly messages = new Emitter<TabMessage>();
  private readonly channel: Channel | null;

  constructor(channel: Channel | null) {
    this.channel = channel;
    if (channel !== null) {
      // Same origin, same person, same code: the messages are our own.
      channel.onmessage = (event) => this.messages.emit(event.data as TabMessage);
    }
  }

  post(message: TabMessage): void {
    this.channel?.postMessage(message);
  }

  close(): void {
    if (this.channel === null) return;
    this.channel.onmessage = null;
    this.channel.close();
  }
}
