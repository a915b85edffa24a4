/** A server with rows, keys, changes and sockets, that fails the way a test tells it to. */

import type { ChangeEvent, Row } from "@/sync/protocol";
import { FakeSocket } from "./fake-socket";
import {
  ANNA,
  BEN,
  cursorAt,
  json,
  pick,
  refusal,
  type Actor,
  type Fault,
  type Seen,
} from "./fake-types";

export class FakeServer {
  readonly tables = new Map<string, Map<string, Row>>();
  readonly log: ChangeEvent[] = [];
  readonly seen: Seen[] = [];
  readonly effects: string[] = [];
  readonly faults: Fault[] = [];
  readonly sockets: FakeSocket[] = [];
  readonly lists = new Map<string, () => unknown>();
  /** No request arrives. */
  down = false;
  /** Addresses at which no request arrives. */
  readonly away = new Set<string>();
  /** Tokens that are refused. */
  readonly refused = new Set<string>();
  /** Sockets are accepted and subscriptions confirmed by themselves. */
  autoAccept = true;
  /** Changes go to the sockets by themselves. */
  autoPush = true;
  pageSize = 100;
  /** Cursors before this one are too old. */
  oldestCursor = 0;
  changesDown = 0;
  /** Requests that are open and get no answer. */
  hanging = 0;
  private version = 1000;
  private readonly kept = new Map<string, { status: number; body: unknown }>();

  /** Only the button presses. */
  get presses(): Seen[] {
    return this.seen.filter(({ key }) => key !== null);
  }

  /** What was asked of the changes. */
  get catchUps(): string[] {
    const paths = this.seen.map(({ path }) => decodeURIComponent(path));
    return paths.filter((path) => path.startsWith("/api/changes"));
  }

  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error("No socket was opened");
    return socket;
  }

  row(table: string, id: string): Row | undefined {
    return this.tables.get(table)?.get(id);
  }

  /** Writes a row, or deletes it (null), and announces it. */
  commit(
    table: string,
    id: string,
    fields: Row | null,
    by: { actor?: Actor; key?: string | null } = {},
  ): ChangeEvent {
    const rows = this.tables.get(table) ?? new Map<string, Row>();
    this.tables.set(table, rows);
    const before = rows.get(id);
    const actor = by.actor ?? BEN;
    const version = ++this.version;
    const record =
      fields === null ? null : { ...before, ...fields, id, version, updated_by: actor };
    if (record === null) rows.delete(id);
    else rows.set(id, record);
    const change: ChangeEvent = {
      type: record === null ? "DELETE" : before === undefined ? "INSERT" : "UPDATE",
      table,
      id,
      record,
      old_record:
        before === undefined || fields === null ? null : pick(before, Object.keys(fields)),
      version,
      cursor: cursorAt(version),
      commit_timestamp: new Date(Date.now()).toISOString(),
      actor,
      idempotency_key: by.key ?? null,
    };
    this.log.push(change);
    if (this.autoPush) this.push(change);
    return change;
  }

  push(change: ChangeEvent): void {
    for (const socket of this.sockets) if (socket.tables.has(change.table)) socket.say(change);
  }

  readonly open = (url: string): FakeSocket => {
    const socket = new FakeSocket(url);
    this.sockets.push(socket);
    socket.onsend = (message) => {
      if (!this.autoAccept) return;
      if (message.action === "ping") socket.say({ type: "PONG" });
      if (message.action === "subscribe") this.confirm(socket, message.tables as string[]);
    };
    if (this.autoAccept && !this.down) setImmediate(() => socket.accept());
    else if (this.down) setImmediate(() => socket.break());
    return socket;
  };

  confirm(socket: FakeSocket, tables: readonly string[]): void {
    tables.forEach((table) => socket.tables.add(table));
    socket.say({
      type: "SUBSCRIBED",
      tables,
      cursor: cursorAt(this.version),
      resync: false,
      more: false,
    });
  }

  readonly fetch: typeof fetch = async (input, init = {}) => {
    const url = new URL(input as string, "http://localhost");
    const headers = new Headers(init.headers);
    const seen: Seen = {
      method: init.method ?? "GET",
      path: url.pathname + url.search,
      key: headers.get("X-Idempotency-Key"),
      token: headers.get("Authorization")?.replace("Bearer ", "") ?? null,
      body: typeof init.body === "string" ? (JSON.parse(init.body) as unknown) : undefined,
    };
    await new Promise((resolve) => setImmediate(resolve));
    if (init.signal?.aborted === true) throw new Error("aborted");
    if (this.down || this.away.has(url.pathname)) throw new TypeError("Failed to fetch");
    this.seen.push(seen);
    if (seen.token !== null && this.refused.has(seen.token))
      return json(401, { success: false, code: "UNAUTHORIZED" });
    return seen.key === null ? this.read(url) : this.press(seen, seen.key, init.signal ?? null);
  };

  private read(url: URL): Response {
    if (url.pathname === "/api/realtime/ticket") {
      return json(200, {
        success: true,
        ticket: `t${String(this.seen.length)}`,
        expires_in: 30,
        url: "ws://localhost/ws",
      });
    }
    if (url.pathname === "/api/changes") return this.changes(url);
    const list = this.lists.get(url.pathname);
    return list === undefined
      ? json(404, { success: false, code: "NOT_FOUND" })
      : json(200, list());
  }

  private changes(url: URL): Response {
    if (this.changesDown > 0) {
      this.changesDown -= 1;
      return json(503, { success: false, code: "UNAVAILABLE" });
    }
    const since = url.searchParams.get("since");
    if (since === null)
      return json(200, { success: true, changes: [], cursor: cursorAt(this.version), more: false });
    const from = Number(/^c(\d+)$/.exec(since)?.[1] ?? Number.NaN);
    if (Number.isNaN(from)) return json(400, { success: false, code: "VALIDATION_FAILED" });
    if (from < this.oldestCursor) {
      return json(200, {
        success: true,
        changes: [],
        cursor: cursorAt(this.version),
        more: false,
        resync: true,
      });
    }
    const tables = (url.searchParams.get("tables") ?? "").split(",");
    const found = this.log.filter(({ version, table }) => version > from && tables.includes(table));
    const page = found.slice(0, this.pageSize);
    const more = found.length > page.length;
    const cursor = more ? (page.at(-1)?.cursor ?? since) : cursorAt(this.version);
    return json(200, { success: true, changes: page, cursor, more });
  }

  private async press(seen: Seen, key: string, signal: AbortSignal | null): Promise<Response> {
    const fault = this.faults.shift();
    if (fault?.kind === "lost") throw new TypeError("Failed to fetch");
    if (fault?.kind === "hang") return this.hang(signal);
    if (fault?.kind === "status")
      return json(fault.status, fault.body ?? { success: false }, fault.headers);
    const replayed = this.kept.get(key);
    const { status, body } = replayed ?? this.act(seen, key);
    if (fault?.kind === "commit-then-hang") return this.hang(signal);
    if (fault?.kind === "answer-lost") throw new TypeError("Failed to fetch");
    return json(status, body, replayed === undefined ? {} : { "Idempotent-Replayed": "true" });
  }

  private hang(signal: AbortSignal | null): Promise<Response> {
    this.hanging += 1;
    return new Promise((_, reject) =>
      signal?.addEventListener("abort", () => {
        this.hanging -= 1;
        reject(new Error("aborted"));
      }),
    );
  }

  private act(seen: Seen, key: string): { status: number; body: unknown } {
    const { appointmentId: id } = seen.body as { appointmentId: string };
    if (seen.path === "/api/notes") {
      this.effects.push(key);
      this.commit("appointments", id, { notes: key }, { actor: ANNA, key });
      return this.keep(key, { success: true });
    }
    const row = this.row("appointments", id);
    if (row === undefined)
      return { status: 404, body: refusal("NOT_FOUND", "No such appointment") };
    if (row.status === "confirmed") {
      const body = {
        ...refusal("ALREADY_CONFIRMED", "Appointment is already confirmed"),
        appointment: row,
      };
      return { status: 409, body };
    }
    this.effects.push(key);
    const change = this.commit("appointments", id, { status: "confirmed" }, { actor: ANNA, key });
    const appointment = { id, status: "confirmed", version: change.version };
    return this.keep(key, { success: true, appointment });
  }

  private keep(key: string, body: unknown): { status: number; body: unknown } {
    const answer = { status: 200, body };
    this.kept.set(key, answer);
    return answer;
  }
}
