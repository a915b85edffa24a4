/** One server, one browser, any number of tabs. */

import { IDBFactory } from "fake-indexeddb";

import type { Browser, Signal } from "@/sync/browser";
import { SyncClient } from "@/sync/client";
import { Emitter } from "@/sync/emitter";
import type { TokenProvider } from "@/sync/http";
import type { OutboxItem, OutboxRequest, Priority } from "@/sync/outbox-item";
import { FakeServer } from "./fake-server";
import { ANNA, type Actor } from "./fake-types";
import { FakeLocks, fakeChannels } from "./fake-tabs";
import { freezeTime, settle } from "./time";

export const CONFIRM = "/api/bookings/confirm";

/** A press of the confirm button. */
export function confirm(id: string, more: Partial<OutboxRequest> = {}): OutboxRequest {
  return {
    endpoint: CONFIRM,
    method: "POST",
    body: { appointmentId: id },
    scopes: [`appointments/${id}`],
    priority: "NORMAL" satisfies Priority,
    eventTable: "appointments",
    optimistic: [{ table: "appointments", id, fields: { status: "confirmed" } }],
    ...more,
  };
}

export interface TabOptions {
  readonly user?: Actor;
  readonly orgId?: string;
  readonly tokens?: TokenProvider;
  readonly browser?: Partial<Browser>;
}

export class World {
  readonly server = new FakeServer();
  readonly locks = new FakeLocks();
  readonly indexedDB = new IDBFactory();
  readonly signals = new Emitter<Signal>();
  readonly channel = fakeChannels();
  online = true;
  /** What jitter multiplies with: 1 makes waits as long as they may be. */
  random = 1;
  /** Every key that was made, in order. */
  readonly keys: string[] = [];
  private readonly tabs: SyncClient[] = [];

  /** A page of a person, started. */
  async tab(options: TabOptions = {}): Promise<SyncClient> {
    const client = this.newTab(options);
    await client.start();
    await settle();
    return client;
  }

  /** The same, listening to these tables. */
  async liveTab(tables = ["appointments"], options: TabOptions = {}): Promise<SyncClient> {
    const client = this.newTab(options);
    for (const table of tables) client.realtime.subscribe(table, () => undefined);
    await client.start();
    await settle();
    return client;
  }

  /** A page that is not started yet. */
  newTab({ user = ANNA, orgId = "org-1", tokens, browser = {} }: TabOptions = {}): SyncClient {
    const client = new SyncClient({
      user: { id: user.id, orgId },
      tokens: tokens ?? { getToken: () => Promise.resolve(`token-${user.id}`) },
      browser: {
        fetch: this.server.fetch,
        indexedDB: this.indexedDB,
        locks: this.locks.manager,
        channel: this.channel,
        webSocket: this.server.open,
        signals: { isOnline: () => this.online, on: (listener) => this.signals.on(listener) },
        random: () => this.random,
        spreadMs: 1_000,
        uuid: () => this.newKey(),
        ...browser,
      },
    });
    this.tabs.push(client);
    return client;
  }

  /** The network goes, and the browser notices. */
  async goOffline(): Promise<void> {
    this.online = false;
    this.server.down = true;
    for (const socket of this.server.sockets) socket.break();
    this.signals.emit("offline");
    await settle();
  }

  /** The network comes back, and the browser notices. */
  async goOnline(): Promise<void> {
    this.online = true;
    this.server.down = false;
    this.signals.emit("online");
    await settle();
  }

  end(): void {
    for (const tab of this.tabs) tab.stop();
  }

  private newKey(): string {
    const key = `00000000-0000-4000-8000-${String(this.keys.length).padStart(12, "0")}`;
    this.keys.push(key);
    return key;
  }
}

/** A world in time that stands still, with these appointments of Jane's still to be confirmed. */
export function frozenWorld(...ids: string[]): World {
  freezeTime();
  const world = new World();
  for (const id of ids) {
    world.server.commit("appointments", id, { status: "pending", contact_name: "Jane" });
  }
  return world;
}

/** Presses a button and lets happen what needs no time. */
export async function press(client: SyncClient, request: OutboxRequest): Promise<OutboxItem> {
  const item = await client.outbox.enqueue(request);
  await settle();
  return item;
}

/** The items of a tab's outbox in short. */
export function states(client: SyncClient): string[] {
  return client.outbox.snapshot.items.map(({ state }) => state);
}

/** The only item of a tab's outbox. */
export function onlyItem(client: SyncClient): OutboxItem {
  const [item, ...others] = client.outbox.snapshot.items;
  if (item === undefined || others.length > 0)
    throw new Error(`Not one item but ${states(client).join()}`);
  return item;
}
