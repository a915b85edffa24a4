/** What the tabs of one person tell each other. */

import { Emitter } from "./emitter";
import type { OutboxItem, Settlement } from "./outbox-item";
import { isRecord, parseChange, type ChangeEvent } from "./protocol";
import type { FoundRow } from "./rows";
import { readItem } from "./stored-item";

export type TabMessage =
  | {
      readonly kind: "outbox";
      readonly key: string;
      /** The item as it is now; null when it is gone. */
      readonly item: OutboxItem | null;
      readonly settlement: Settlement | null;
    }
  /** The person has signed out: nothing of theirs stays. */
  | { readonly kind: "wiped" }
  | { readonly kind: "change"; readonly change: ChangeEvent }
  | { readonly kind: "rows"; readonly rows: readonly FoundRow[] };

/** Which release speaks. Of another one only `wiped` counts: the database tells the rest. */
const FORMAT = 2;

/** The part of BroadcastChannel that is used. */
export interface Channel {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

/** The other tabs of the same person; nobody at all where the browser has no channel. */
export class Tabs {
  readonly messages = new Emitter<TabMessage>();
  /** Another release, or a message that fits nothing: what is stored may have changed. */
  readonly riddles = new Emitter<undefined>();
  private readonly channel: Channel | null;

  constructor(channel: Channel | null) {
    this.channel = channel;
    if (channel !== null) channel.onmessage = ({ data }) => this.hear(data);
  }

  post(message: TabMessage): void {
    this.channel?.postMessage({ ...message, format: FORMAT });
  }

  close(): void {
    if (this.channel === null) return;
    this.channel.onmessage = null;
    this.channel.close();
  }

  private hear(data: unknown): void {
    const message = readMessage(data);
    if (message === null) this.riddles.emit(undefined);
    else this.messages.emit(message);
  }
}

function readMessage(data: unknown): TabMessage | null {
  if (!isRecord(data)) return null;
  if (data.kind === "wiped") return { kind: "wiped" };
  if (data.format !== FORMAT) return null;
  if (data.kind === "change") {
    const change = parseChange(data.change);
    return change && { kind: "change", change };
  }
  if (data.kind === "outbox" && typeof data.key === "string") {
    const item = data.item === null ? null : readItem(data.item);
    if (data.item !== null && item === null) return null;
    // Of the same release: as this one writes it.
    return {
      kind: "outbox",
      key: data.key,
      item,
      settlement: data.settlement as Settlement | null,
    };
  }
  if (data.kind === "rows" && Array.isArray(data.rows))
    return { kind: "rows", rows: data.rows as readonly FoundRow[] };
  return null;
}
