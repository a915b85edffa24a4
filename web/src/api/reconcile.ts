import { isRecord, type Http, type Row } from "@/sync";
import { ApiError, bodyOf } from "./errors";

/** One field that a dry run would change. */
export interface Planned {
  readonly id: string;
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

/** What a run has found, or would do. */
export interface Report {
  readonly scanned: number;
  readonly created: number;
  readonly updated: number;
  readonly skipped: number;
  readonly conflicts: number;
  readonly errors: readonly string[];
  readonly durationMs: number;
  readonly dryRun: boolean;
  readonly from: string | null;
  readonly to: string | null;
  readonly plan: readonly Planned[];
}

export interface Run {
  readonly id: string;
  readonly at: string | null;
  /** done, failed, or stopped: it waits for a person. */
  readonly state: string;
  readonly report: Report;
}

/** A stored run. */
export function toRun(row: Row): Run | null {
  if (typeof row.id !== "string") return null;
  const at = [row.started_at, row.at, row.created_at].find((each) => typeof each === "string");
  const report = toReport(isRecord(row.data) ? row.data : row);
  const state =
    typeof row.status === "string" ? row.status : report.errors.length > 0 ? "failed" : "done";
  return { id: row.id, at: typeof at === "string" ? at : null, state, report };
}

/** Runs, or with `dryRun` only looks. @throws ApiError */
export async function readReport(
  http: Http,
  { dryRun, from, to }: { readonly dryRun: boolean; readonly from: Date; readonly to: Date },
): Promise<Report> {
  const query = new URLSearchParams({ from: from.toISOString(), to: to.toISOString() });
  if (dryRun) query.set("dryRun", "true");
  const body = await bodyOf(
    http.request(`/api/cron/reconcile?${query}`, {
      method: "POST",
      body: {},
      headers: { "X-Idempotency-Key": crypto.randomUUID() },
    }),
  );
  if (isRecord(body) && isRecord(body.data)) return toReport(body.data);
  throw new ApiError({
    code: "BAD_ANSWER",
    message: "",
    status: 0,
    requestId: null,
    fields: [],
    body: null,
  });
}

export function toReport(data: Readonly<Record<string, unknown>>): Report {
  const window = isRecord(data.window) ? data.window : {};
  const number = (name: string): number => {
    const value = data[name];
    return typeof value === "number" ? value : Array.isArray(value) ? value.length : 0;
  };
  return {
    scanned: number("scanned"),
    created: number("created"),
    updated: number("updated"),
    skipped: number("skipped"),
    conflicts: number("conflicts"),
    errors: Array.isArray(data.errors) ? data.errors.map(sentence) : [],
    durationMs: number("durationMs"),
    dryRun: data.dryRun === true,
    from: typeof window.from === "string" ? window.from : null,
    to: typeof window.to === "string" ? window.to : null,
    plan: Array.isArray(data.plan) ? data.plan.filter(isRecord).flatMap(toPlanned) : [],
  };
}

/** A booking with its `changes`: {field: [before, after]} or a list of fields. */
function toPlanned(entry: Record<string, unknown>): Planned[] {
  const id = typeof entry.id === "string" ? entry.id : "";
  const changes = isRecord(entry.changes) ? Object.entries(entry.changes) : [];
  return changes.map(([field, change]) => {
    const [before, after]: readonly unknown[] = Array.isArray(change)
      ? (change as readonly unknown[])
      : [undefined, change];
    return { id, field, before: sentence(before), after: sentence(after) };
  });
}

function sentence(value: unknown): string {
  if (value === undefined || value === null) return "–";
  if (typeof value === "string") return value;
  return isRecord(value) && typeof value.error === "string" ? value.error : JSON.stringify(value);
}
