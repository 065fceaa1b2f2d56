export type DocketOptions = {
  /** The address of the API, such as `https://docket.example`. */
  readonly baseUrl: string;
  /** A JWT, or a function that returns one. It is called for each attempt, so that a token may be renewed; what it throws ends the call. */
  readonly token: string | (() => string | Promise<string>);
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
  /** How long to wait for an answer, or for the next bytes of a file, in each attempt. Default: 30 000. */
  readonly timeoutMs?: number;
  /** How often a call is repeated that may succeed later. Default: 4. */
  readonly maxRetries?: number;
  /** Aborts all calls. */
  readonly signal?: AbortSignal;
};

/** Options of every call. */
export type CallOptions = {
  /** Aborts the call, which then rejects with the reason of the signal. */
  readonly signal?: AbortSignal;
};

/** Options of every call that changes something. */
export type WriteOptions = CallOptions & {
  /** Default: a new random key. All attempts of a call send the same key, so the call takes effect at most once. */
  readonly idempotencyKey?: string;
  /** Sent as `If-Match`: the call fails with `precondition_failed` unless the resource has this version. */
  readonly ifVersion?: number;
};
