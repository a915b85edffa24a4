/** JSON requests with a bearer token and a time-out. Shows nothing, decides nothing. */

import { anySignal } from "./abort";
import { NoAnswerError } from "./errors";
import { parseJson } from "./protocol";

/** Gives the token of the person who is signed in. Asked again for every request. */
export interface TokenProvider {
  /** A token, or null when the person has to sign in. `fresh`: the last one was refused. */
  getToken(options: { readonly fresh: boolean }): Promise<string | null>;
  /** Calls back when a token may work again. */
  onChange?(listener: () => void): () => void;
}

export interface HttpRequest {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface HttpReply {
  readonly status: number;
  /** The parsed JSON; undefined when the answer was none. */
  readonly body: unknown;
  readonly retryAfter: string | null;
  /** The server answered from an earlier request with the same key. */
  readonly replayed: boolean;
}

export interface HttpConfig {
  /** Before every path; empty for the page's own host. */
  readonly baseUrl: string;
  readonly tokens: TokenProvider;
  readonly fetch: typeof fetch;
  readonly timeoutMs: number;
}

export class Http {
  private readonly config: HttpConfig;

  constructor(config: HttpConfig) {
    this.config = config;
  }

  /**
   * The server's answer, whatever its status. After a 401 the token provider is asked once for a
   * fresh token and the request is repeated; a second 401 is the answer.
   *
   * @throws NoAnswerError without an answer in time.
   */
  async request(path: string, request: HttpRequest = {}): Promise<HttpReply> {
    const reply = await this.attempt(path, request, false);
    return reply.status === 401 ? this.attempt(path, request, true) : reply;
  }

  private async attempt(path: string, request: HttpRequest, fresh: boolean): Promise<HttpReply> {
    const deadline = new AbortController();
    let sent = false;
    const timer = setTimeout(() => deadline.abort(), this.config.timeoutMs);
    const aborted = new Promise<never>((_, reject) => {
      deadline.signal.addEventListener("abort", () => reject(new NoAnswerError("TIMEOUT")));
      const abort = (): void => reject(new NoAnswerError("ABORTED"));
      if (request.signal?.aborted === true) abort();
      request.signal?.addEventListener("abort", abort, { signal: deadline.signal });
    });
    try {
      // The token provider counts as well: one that hangs must not hang the queue.
      const token = await Promise.race([this.config.tokens.getToken({ fresh }), aborted]);
      if (token === null)
        return { status: 401, body: undefined, retryAfter: null, replayed: false };
      sent = true;
      return await Promise.race([this.send(path, request, token, deadline.signal), aborted]);
    } catch (error) {
      const code = error instanceof NoAnswerError ? error.code : "NETWORK";
      throw new NoAnswerError(code, { cause: error, sent });
    } finally {
      clearTimeout(timer);
      deadline.abort();
    }
  }

  private async send(
    path: string,
    request: HttpRequest,
    token: string,
    deadline: AbortSignal,
  ): Promise<HttpReply> {
    const response = await this.config.fetch(this.config.baseUrl + path, {
      method: request.method ?? "GET",
      headers: headersOf(request, token),
      signal: anySignal([request.signal, deadline]),
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
    return {
      status: response.status,
      body: parseJson(await response.text()),
      retryAfter: response.headers.get("Retry-After"),
      replayed: response.headers.get("Idempotent-Replayed") === "true",
    };
  }
}

function headersOf(request: HttpRequest, token: string): Record<string, string> {
  return {
    Accept: "application/json",
    Authorization: `Bearer ${token}`,
    ...(request.body === undefined ? {} : { "Content-Type": "application/json" }),
    ...request.headers,
  };
}
