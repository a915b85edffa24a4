/** What the fake server and its tests talk about. */

import type { Row } from "@/sync/protocol";

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly key: string | null;
  readonly token: string | null;
  readonly body: unknown;
}

/** What happens to a button press instead of the normal course. */
export type Fault =
  | { readonly kind: "lost" }
  | { readonly kind: "answer-lost" }
  | { readonly kind: "hang" }
  | { readonly kind: "commit-then-hang" }
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Record<string, string>;
    };

export interface Actor {
  readonly id: string;
  readonly email: string;
}

export const ANNA: Actor = { id: "u-anna", email: "anna.berg@shop.example" };
export const BEN: Actor = { id: "u-ben", email: "ben@shop.example" };

export function cursorAt(version: number): string {
  return `c${String(version)}`;
}

export function json(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Response {
  return Response.json(body, { status, headers });
}

export function refusal(code: string, error: string): Row {
  return { success: false, code, error, request_id: "r-1" };
}

export function pick(row: Row, names: readonly string[]): Row {
  return Object.fromEntries(names.map((name) => [name, row[name]]));
}
