/** The two HTTP calls behind the socket: its ticket, and what it missed. */

import { BAD_CURSOR } from "./catch-up";
import type { Http } from "./http";
import { isRecord, parseChangesPage, type ChangesPage } from "./protocol";

/**
 * The address of the socket with a new single-use ticket; null when the person has to sign in.
 *
 * @throws Error when there is no ticket to be had.
 */
export async function socketAddress(http: Http, baseUrl: string): Promise<string | null> {
  const { status, body } = await http.request("/api/realtime/ticket", { method: "POST", body: {} });
  if (status === 401) return null;
  if (!isRecord(body) || typeof body.ticket !== "string" || typeof body.url !== "string") {
    throw new Error(`No ticket (${String(status)})`);
  }
  const url = new URL(body.url, new URL(baseUrl, location.href));
  url.protocol = url.protocol.replace(/^http/, "ws");
  url.searchParams.set("ticket", body.ticket);
  return url.href;
}

/**
 * One page of the changes of these tables after `since`; without it, only the cursor of now.
 *
 * @throws Error when the server does not answer with one.
 */
export async function fetchChanges(
  http: Http,
  since: string | null,
  tables: readonly string[],
): Promise<ChangesPage | typeof BAD_CURSOR> {
  const query = new URLSearchParams();
  if (tables.length > 0) query.set("tables", tables.join(","));
  if (since !== null) query.set("since", since);
  const { status, body } = await http.request(
    query.size === 0 ? "/api/changes" : `/api/changes?${query}`,
  );
  const page = status === 200 ? parseChangesPage(body) : null;
  if (page !== null) return page;
  if (status === 400 && since !== null) return BAD_CURSOR;
  throw new Error(`No changes (${String(status)})`);
}
