import { isRecord, type Http, type Row } from "@/sync";
import { bodyOf } from "./errors";

const PAGE = 200;
/** A list that goes on longer than this does not end. */
const MOST_PAGES = 50;

/**
 * All pages of a list, such as `/api/leads` with its `leads`.
 *
 * @throws ApiError when the server does not answer with them.
 */
export async function readList(
  http: Http,
  path: string,
  name: string,
  signal: AbortSignal,
  query: Readonly<Record<string, string>> = {},
): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const found = await readPage(http, path, name, signal, { ...query, ...cursorQuery(cursor) });
    rows.push(...found.rows);
    cursor = found.cursor;
    if (cursor === null) break;
  }
  return rows;
}

/** One page of a list and where it goes on; null at the end. @throws ApiError */
export async function readPage(
  http: Http,
  path: string,
  name: string,
  signal: AbortSignal,
  query: Readonly<Record<string, string>> = {},
): Promise<{ readonly rows: readonly Row[]; readonly cursor: string | null }> {
  const parameters = new URLSearchParams({ limit: String(PAGE), ...query });
  const body = await bodyOf(http.request(`${path}?${parameters}`, { signal }));
  const list = isRecord(body) ? body[name] : undefined;
  const cursor = isRecord(body) && typeof body.cursor === "string" ? body.cursor : null;
  return { rows: Array.isArray(list) ? list.filter(isRecord) : [], cursor };
}

/** One row, such as `/api/leads/{id}` with its `lead`. @throws ApiError */
export async function readOne(
  http: Http,
  path: string,
  name: string,
  signal: AbortSignal,
): Promise<Row | null> {
  const body = await bodyOf(http.request(path, { signal }));
  const row = isRecord(body) ? body[name] : undefined;
  return isRecord(row) ? row : null;
}

function cursorQuery(cursor: string | null): Readonly<Record<string, string>> {
  return cursor === null ? {} : { cursor };
}
