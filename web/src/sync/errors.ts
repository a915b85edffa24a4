/** Why an action did not succeed. Plain data: it is stored, and it travels between tabs. */
export interface SyncError {
  /** UPPER_SNAKE: the server's code, or NETWORK, TIMEOUT, BAD_ANSWER, QUEUE_FULL ... */
  readonly code: string;
  /** The server's sentence for a person; empty when the server said nothing. */
  readonly message: string;
  /** 0 when there was no answer. */
  readonly status: number;
  readonly requestId: string | null;
  readonly fields: readonly { readonly path: string; readonly message: string }[];
  /** The whole answer: the row as it is now, free slots, attempts left ... Null without one. */
  readonly body: Readonly<Record<string, unknown>> | null;
}

/** An error without an answer of the server. */
export function localError(code: string): SyncError {
  return { code, message: "", status: 0, requestId: null, fields: [], body: null };
}

/** Thrown by {@link Http} when there was no usable answer. */
export class NoAnswerError extends Error {
  override readonly name = "NoAnswerError";
  readonly code: "NETWORK" | "TIMEOUT" | "ABORTED";
  /** False: it failed before anything was sent, for want of a token. */
  readonly sent: boolean;

  constructor(
    code: NoAnswerError["code"],
    options: ErrorOptions & { readonly sent?: boolean } = {},
  ) {
    super(code, options);
    this.code = code;
    this.sent = options.sent ?? true;
  }
}
