import { errorOf, NoAnswerError, type HttpReply, type SyncError } from "@/sync";

/** The server refused a read, or gave no answer (`status` 0). */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly reason: SyncError;

  constructor(reason: SyncError, options?: ErrorOptions) {
    super(reason.message || reason.code, options);
    this.reason = reason;
  }
}

/** The body of a good answer. @throws ApiError for any other. */
export async function bodyOf(answer: Promise<HttpReply>): Promise<unknown> {
  const { status, body } = await answer.catch((failure: unknown) => {
    const code = failure instanceof NoAnswerError ? failure.code : "NETWORK";
    throw new ApiError({ ...errorOf(0, undefined), code }, { cause: failure });
  });
  if (status >= 200 && status < 300 && body !== undefined) return body;
  throw new ApiError(errorOf(status, body));
}

/** Whether asking again may help. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  const { status } = error.reason;
  return status === 0 || status === 408 || status === 429 || status >= 500;
}
