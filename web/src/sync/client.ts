/** Everything of the library put together for one person who is signed in. */

import { thisBrowser, type Browser, type Signal } from "./browser";
import { CatchUp } from "./catch-up";
import { Drainer } from "./drainer";
import { faults } from "./faults";
import { Http, type TokenProvider } from "./http";
import { Outbox } from "./outbox";
import { isOutstanding } from "./outbox-item";
import { RealtimeSyncService } from "./realtime";
import { fetchChanges, socketAddress } from "./realtime-api";
import { RowStore } from "./row-store";
import { rowsIn } from "./rows";
import { Socket } from "./socket";
import { storageOf, type Storage } from "./storage";
import { Tabs } from "./tabs";

export interface SyncConfig {
  readonly user: { readonly id: string; readonly orgId: string };
  readonly tokens: TokenProvider;
  /** Where `/api` is; empty for the page's own host. */
  readonly baseUrl?: string;
  readonly timeoutMs?: number;
  readonly browser?: Partial<Browser>;
}

/** A button press waits this long for its answer before it is repeated. */
const TIMEOUT_MS = 15_000;

export class SyncClient {
  readonly http: Http;
  readonly rows = new RowStore();
  readonly outbox: Outbox;
  readonly realtime: RealtimeSyncService;
  readonly userId: string;
  /** What is queued survives the page. */
  readonly durable: boolean;
  private readonly browser: Browser;
  private readonly storage: Storage;
  private readonly tabs: Tabs;
  private readonly drainer: Drainer;
  private readonly undo: (() => void)[] = [];
  private stopped = false;

  constructor(config: SyncConfig) {
    const browser = (this.browser = { ...thisBrowser(), ...config.browser });
    const owner = `${config.user.orgId}/${config.user.id}`;
    this.userId = config.user.id;
    this.durable = browser.indexedDB !== null;
    this.storage = storageOf(browser, owner);
    this.tabs = new Tabs(browser.channel(`closed-loop:${owner}`));
    this.http = new Http({
      baseUrl: config.baseUrl ?? "",
      tokens: config.tokens,
      fetch: browser.fetch,
      timeoutMs: config.timeoutMs ?? TIMEOUT_MS,
    });
    this.outbox = this.newOutbox(owner);
    this.drainer = this.newDrainer();
    this.realtime = this.newRealtime(config.baseUrl ?? "");
    this.follow(config.tokens);
  }

  /** Takes up what an earlier page left, and connects. */
  async start(): Promise<void> {
    const catchUp = new CatchUp({
      fetchPage: (since, tables) => fetchChanges(this.http, since, tables),
      cursors: this.storage.cursors,
      onChange: (change) => this.realtime.receive(change, "catch-up"),
      onGap: () => this.rows.startGeneration(),
      onResync: () => this.realtime.resyncs.emit(undefined),
      onDone: (ticket) => this.realtime.completed(ticket),
      random: this.browser.random,
    });
    // A store that cannot be read must not keep the screen from being live.
    await this.outbox.refresh().catch(faults.report);
    await catchUp.load().catch(faults.report);
    if (this.stopped) return;
    this.drainer.poke();
    this.realtime.start(catchUp);
  }

  /** The browser's opinion of the network, which may be wrong. */
  isSaidOnline(): boolean {
    return this.browser.signals.isOnline();
  }

  /** Calls back when that opinion may have changed. */
  onOpinion(listener: () => void): () => void {
    return this.browser.signals.on(listener);
  }

  /** Sends what waits now, whatever it waits for. */
  async syncNow(): Promise<void> {
    this.drainer.resume();
    await this.outbox.restart(true);
    this.realtime.wake();
  }

  /** Stops for this page; what is queued stays for the next. */
  stop(): void {
    this.stopped = true;
    this.undo.splice(0).forEach((undo) => undo());
    this.outbox.close();
    this.drainer.stop();
    this.realtime.stop();
    this.tabs.close();
    this.storage.close();
  }

  /** Stops and removes all that was stored for this person, what was queued included. */
  async signOut(): Promise<void> {
    this.stopped = true;
    this.drainer.stop();
    this.realtime.stop();
    try {
      await this.outbox.wipe();
      await this.storage.cursors.save(null);
    } finally {
      this.stop();
    }
  }

  private newOutbox(owner: string): Outbox {
    const { uuid, now, random, signals } = this.browser;
    const outbox = new Outbox({
      owner,
      store: this.storage.outbox,
      tabs: this.tabs,
      uuid,
      circumstances: () => ({ now: now(), online: signals.isOnline(), random }),
    });
    outbox.mirror.changes.on(({ items }) => {
      const outstanding = items.filter(isOutstanding);
      this.rows.setOverlays(outstanding.flatMap(({ optimistic }) => optimistic ?? []));
    });
    return outbox;
  }

  private newDrainer(): Drainer {
    return new Drainer({
      outbox: this.outbox,
      lock: this.storage.lock,
      http: this.http,
      now: this.browser.now,
      onAnswer: (body) => {
        const rows = rowsIn(body);
        this.rows.mergeFound(rows);
        if (rows.length > 0) this.tabs.post({ kind: "rows", rows });
      },
    });
  }

  private newRealtime(baseUrl: string): RealtimeSyncService {
    const { webSocket, random, signals } = this.browser;
    const address = (): Promise<string | null> => socketAddress(this.http, baseUrl);
    const socket = new Socket({ address, open: webSocket, random, isOnline: signals.isOnline });
    return new RealtimeSyncService({
      socket,
      rows: this.rows,
      onChange: (change, source) => {
        this.outbox.settleByChange(change).catch(faults.report);
        if (source === "socket") this.tabs.post({ kind: "change", change });
      },
    });
  }

  private follow(tokens: TokenProvider): void {
    const { browser, realtime, outbox } = this;
    this.undo.push(
      browser.signals.on((signal) => this.react(signal)),
      // A socket that comes up proves the network better than the browser's own opinion.
      realtime.states.on((state) => state === "live" && this.resend(true)),
      this.tabs.messages.on((message) => {
        if (message.kind === "change") realtime.receive(message.change, "tab");
        if (message.kind === "rows") this.rows.mergeFound(message.rows);
      }),
      tokens.onChange?.(() => this.restart(false)) ?? (() => undefined),
      outbox.mirror.endings.on(({ settlement }) => {
        if (settlement.status === "done") realtime.syncedAt = browser.now();
      }),
    );
  }

  private react(signal: Signal): void {
    // Said to be offline: the socket finds out whether it is so.
    if (signal === "offline") this.realtime.wake();
    else this.restart(signal === "online");
  }

  private restart(newSpell: boolean): void {
    this.resend(newSpell);
    this.realtime.wake();
  }

  private resend(newSpell: boolean): void {
    this.drainer.resume();
    this.outbox.restart(newSpell).catch(faults.report);
  }
}
