/** What an answer to a button press means for its place in the outbox. */

import { retryAfterMs } from "./backoff";
import { localError, type NoAnswerError, type SyncError } from "./errors";
import type { HttpReply } from "./http";
import { isRecord } from "./protocol";
import { rowsIn } from "./rows";

export type Outcome =
  /** It happened. `kept`: the server has stored it and does the rest later, by itself. */
  | {
      readonly kind: "done";
      readonly body: unknown;
      readonly replayed: boolean;
      readonly kept: boolean;
    }
  /** It happened for some of the rows it was for. */
  | { readonly kind: "partial"; readonly error: SyncError; readonly body: unknown }
  /** It did not happen and never will: the person has to know. */
  | { readonly kind: "refused"; readonly error: SyncError; readonly body: unknown }
  /**
   * It may or may not have happened: asking again with the same key is safe. Not `sent`: it has not
   * even left, for want of a token.
   */
  | {
      readonly kind: "retry";
      readonly error: SyncError;
      readonly waitMs: number | null;
      readonly sent: boolean;
    }
  /** Nobody is signed in: keep it until somebody is. */
  | { readonly kind: "signed-out" }
  /** Given up by this tab; somebody else decides. */
  | { readonly kind: "aborted" };

/** Only a JSON answer with our `success` in it counts as done: a hotel's sign-in page is not. */
export function outcomeOf(reply: HttpReply, now: number): Outcome {
  const { status, body } = reply;
  if (status === 401) return { kind: "signed-out" };
  if (status >= 200 && status < 300) {
    if (isRecord(body) && typeof body.success === "boolean") {
      if (status === 207 && !body.success)
        return { kind: "partial", error: partialError(body), body };
      return { kind: "done", body, replayed: reply.replayed, kept: false };
    }
    return { kind: "retry", error: localError("BAD_ANSWER"), waitMs: null, sent: true };
  }
  if (isKept(reply)) return { kind: "done", body, replayed: reply.replayed, kept: true };
  const error = errorOf(status, body);
  if (isSafeToRepeat(error)) {
    return { kind: "retry", error, waitMs: retryAfterMs(reply.retryAfter, now), sent: true };
  }
  return { kind: "refused", error, body };
}

/** No answer at all: the request may have arrived, so the same key goes again. */
export function outcomeOfSilence(failure: NoAnswerError): Outcome {
  if (failure.code === "ABORTED") return { kind: "aborted" };
  return { kind: "retry", error: localError(failure.code), waitMs: null, sent: failure.sent };
}

/** The error of an answer, as far as the answer names it. */
export function errorOf(status: number, body: unknown): SyncError {
  const known = isRecord(body) ? body : {};
  return {
    code: typeof known.code === "string" ? known.code : `HTTP_${String(status)}`,
    message: typeof known.error === "string" ? known.error : "",
    status,
    requestId: typeof known.request_id === "string" ? known.request_id : null,
    fields: Array.isArray(known.fields) ? known.fields.filter(isField) : [],
    body: isRecord(body) ? body : null,
  };
}

function partialError(body: Record<string, unknown>): SyncError {
  const message = typeof body.message === "string" ? body.message : "";
  return { ...errorOf(207, body), code: "PARTIAL", message };
}

/** "Not now, but I have it": says so and shows the row. Asking again would only be told the same. */
function isKept({ status, body }: HttpReply): boolean {
  return status === 503 && isRecord(body) && body.retrying === true && rowsIn(body).length > 0;
}

function isSafeToRepeat(error: SyncError): boolean {
  if (error.status >= 500) return true;
  if (error.status === 409) return error.code === "REQUEST_IN_PROGRESS";
  // A redirect that fetch did not follow is no answer of ours.
  return error.status === 408 || error.status === 429 || error.status < 400;
}

function isField(value: unknown): value is SyncError["fields"][number] {
  return isRecord(value) && typeof value.path === "string" && typeof value.message === "string";
}
