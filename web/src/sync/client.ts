/** Everything of the library put together for one person who is signed in. */

import { thisBrowser, type Browser, type Signal } from "./browser";
import { CatchUp } from "./catch-up";
import { Drainer } from "./drainer";
import { faults } from "./faults";
import { Http, type TokenProvider } from "./http";
import { Outbox } from "./outbox";
import type { Drafts } from "./drafts";
import { Emitter } from "./emitter";
import { isOutstanding } from "./outbox-item";
import { RealtimeSyncService } from "./realtime";
import { fetchChanges, socketAddress } from "./realtime-api";
import { RowKeeper } from "./row-keeper";
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
  /** The rows as the browser keeps them for the next page. */
  readonly kept: RowKeeper;
  /** What this person was writing. */
  readonly drafts: Drafts;
  readonly userId: string;
  /** The person has signed out in another tab: this one is stopped and knows nothing any more. */
  readonly signedOut = new Emitter<undefined>();
  /** Told when {@link durable} changes. */
  readonly durability = new Emitter<boolean>();
  /** What is queued survives the page. */
  durable = true;
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
    this.storage = storageOf(browser, owner, () => this.noteFleeting());
    this.kept = new RowKeeper(this.rows, this.storage.rows);
    this.drafts = this.storage.drafts;
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
      cursors: {
        load: () => this.storage.cursors.load(),
        // The rows first: a cursor must not be ahead of what is kept.
        save: (cursor) => this.kept.flush().then(() => this.storage.cursors.save(cursor)),
      },
      onChange: (change) => this.realtime.receive(change, "catch-up"),
      onGap: () => this.rows.startGeneration(),
      onResync: () => this.realtime.resyncs.emit(undefined),
      onDone: (ticket) => this.realtime.completed(ticket),
      random: this.browser.random,
    });
    // Nothing waits for the store to be read: one that hangs must not keep the screen from being live.
    void catchUp.load();
    this.realtime.start(catchUp);
    await Promise.all([this.outbox.refresh(), this.kept.load().catch(() => this.noteFleeting())]);
    if (this.stopped) return;
    // The socket may have been quicker than the store: then what it found has its new spell now.
    if (this.realtime.state === "live") this.resend(true);
    else this.drainer.poke();
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
    await this.outbox.restart(true).catch(faults.report);
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
    void this.kept.stop().then(() => this.storage.close());
  }

  /** Stops and removes all that was stored for this person, what was queued included. */
  async signOut(): Promise<void> {
    this.stopped = true;
    this.drainer.stop();
    this.realtime.stop();
    try {
      await Promise.all([
        this.outbox.wipe(),
        this.kept.wipe().then(() => this.storage.cursors.save(null)),
        this.drafts.clear(),
      ]);
    } catch {
      // A browser that stores nothing has nothing to remove.
    } finally {
      this.rows.clear();
      this.stop();
    }
  }

  /** Another tab has signed this person out and removed what was stored. */
  private leave(): void {
    this.stop();
    this.rows.clear();
    this.signedOut.emit(undefined);
  }

  private noteFleeting(): void {
    if (!this.durable) return;
    this.durable = false;
    this.durability.emit(false);
  }

  private newOutbox(owner: string): Outbox {
    const { uuid, now, random, signals } = this.browser;
    const outbox = new Outbox({
      owner,
      store: this.storage.outbox,
      tabs: this.tabs,
      uuid,
      circumstances: () => ({
        now: now(),
        online: signals.isOnline(),
        connected: this.realtime.isConnected,
        random,
      }),
    });
    outbox.mirror.changes.on(({ items }) => {
      const outstanding = items.filter(isOutstanding);
      this.rows.setOverlays(outstanding.flatMap(({ optimistic }) => optimistic));
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
      // A socket that is dead without knowing it: found out now, not in four minutes.
      onSilence: () => this.realtime.wake(),
    });
  }

  private newRealtime(baseUrl: string): RealtimeSyncService {
    const { webSocket: open, random, signals, spreadMs } = this.browser;
    const address = (): Promise<string | null> => socketAddress(this.http, baseUrl);
    const { isOnline } = signals;
    const socket = new Socket({ address, open, random, isOnline, spreadMs });
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
        if (message.kind === "wiped") this.leave();
      }),
      this.tabs.riddles.on(() => void outbox.refresh()),
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
    this.outbox.restart(newSpell).catch(faults.report);
  }
}
