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
  return (await readPages(http, path, name, signal, query)).flatMap(({ rows }) => rows);
}

/** The same, page by page. @throws ApiError */
export async function readPages(
  http: Http,
  path: string,
  name: string,
  signal: AbortSignal,
  query: Readonly<Record<string, string>> = {},
): Promise<ListPage[]> {
  const pages: ListPage[] = [];
  let cursor: string | null = null;
  do {
    const page = await readPage(http, path, name, signal, { ...query, ...cursorQuery(cursor) });
    pages.push(page);
    cursor = page.cursor;
  } while (cursor !== null && pages.length < MOST_PAGES);
  return pages;
}

/** One page of a list. */
export interface ListPage {
  readonly rows: readonly Row[];
  /** Where the list goes on; null at the end. */
  readonly cursor: string | null;
  /** When the server read it, where it says so. */
  readonly readAt: string | null;
}

/** One page of a list. @throws ApiError */
export async function readPage(
  http: Http,
  path: string,
  name: string,
  signal: AbortSignal,
  query: Readonly<Record<string, string>> = {},
): Promise<ListPage> {
  const parameters = new URLSearchParams({ limit: String(PAGE), ...query });
  const body = await bodyOf(http.request(`${path}?${parameters}`, { signal }));
  const list = isRecord(body) ? body[name] : undefined;
  const said = (field: string): string | null =>
    isRecord(body) && typeof body[field] === "string" ? body[field] : null;
  return {
    rows: Array.isArray(list) ? list.filter(isRecord) : [],
    cursor: said("cursor"),
    readAt: said("read_at"),
  };
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
