import { DocketError } from "../error.ts";
import { toHex } from "../sha256.ts";
import { readAnswer, type Answer } from "./answer.ts";
import { createDeadline, TimeLimitError, type Deadline } from "./deadline.ts";
import { withRetries } from "./retry.ts";
import type { Upload } from "./upload.ts";
import { sendWithProgress } from "./xhr.ts";

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

/** The parameters of a query: an array sends its parameter once for each value. */
export type Query = object;

export type CallSpec = {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Query | undefined;
  readonly json?: unknown;
  readonly upload?: Upload;
  readonly headers?: Readonly<Record<string, string>>;
  readonly options?: WriteOptions | undefined;
};

export type Transport = ReturnType<typeof createTransport>;

const TIMEOUT_MS = 30_000;
/** An ingest is written after its last byte has been received. */
const UPLOAD_ANSWER_MS = 600_000;

/** Sends requests to the API: token, time limits, retries and errors. */
export function createTransport(settings: DocketOptions) {
  const { timeoutMs = TIMEOUT_MS, maxRetries, signal } = settings;
  const address = settings.baseUrl.replace(/\/+$/, "");
  // Called as a function of the global object: browsers refuse it as a method of another one.
  const send = settings.fetch ?? ((url, init) => globalThis.fetch(url, init));

  const attempt = async ({ spec, request, url, init }: Prepared): Promise<Answer> => {
    const { upload, options } = spec;
    const limit = upload === undefined ? timeoutMs : Math.max(timeoutMs, UPLOAD_ANSWER_MS);
    const deadline = createDeadline(limit, [signal, options?.signal]);
    try {
      deadline.start();
      // Before the upload is opened: a stream that was not read from can be sent by the next attempt.
      const token = await readToken(settings.token, request, deadline);
      return await exchange(
        { address, send },
        { spec, request, url, init: authorized(init, token) },
        deadline,
      );
    } finally {
      deadline.close();
    }
  };

  const call = async (spec: CallSpec): Promise<Answer> => {
    const { options, upload } = spec;
    const prepared = prepare(address, spec);
    return withRetries(() => attempt(prepared), {
      signal: options?.signal ?? signal,
      maxRetries,
      canRepeat: () => upload?.canRepeat() ?? true,
    });
  };
  return {
    address,
    send,
    timeoutMs,
    signal,
    maxRetries,
    call,
    /** The body of the answer. Its type is the one of the OpenAPI document; it is not checked. */
    json: async <T>(spec: CallSpec): Promise<T> => (await call(spec)).value as T,
  };
}

async function exchange(
  { address, send }: Pick<Transport, "address" | "send">,
  { spec: { upload }, request, url, init: prepared }: Prepared,
  deadline: Deadline,
): Promise<Answer> {
  try {
    deadline.start();
    const init = await withBody(prepared, upload, deadline);
    const { blob, onProgress } = upload ?? {};
    const response = await (blob !== undefined && onProgress !== undefined
      ? sendWithProgress(url, init, (sent) => {
          deadline.start();
          onProgress(sent);
        })
      : send(url, init));
    return await readAnswer(request, response);
  } catch (error) {
    upload?.throwIfSourceFailed();
    throw toFault(request, address, error, deadline);
  }
}

/** What all attempts of a call have in common. */
type Prepared = {
  readonly spec: CallSpec;
  /** Names the call in errors. */
  readonly request: string;
  readonly url: string;
  readonly init: RequestInit & { readonly headers: Headers };
};

/** @throws TypeError for values that cannot be sent, which no repetition would change */
function prepare(address: string, spec: CallSpec): Prepared {
  const { method, path, json, options } = spec;
  const version = options?.ifVersion;
  const key = method === "GET" ? undefined : (options?.idempotencyKey ?? randomKey());
  const headers = new Headers({
    accept: "application/json",
    ...(key !== undefined && { "idempotency-key": key }),
    ...(version !== undefined && { "if-match": `"${version}"` }),
    ...(json !== undefined && { "content-type": "application/json" }),
    ...spec.headers,
  });
  return {
    spec,
    request: `${method} ${path}`,
    url: `${address}${path}${queryString(spec.query)}`,
    // The API never redirects, and a redirect must not get the token: it is an unexpected answer.
    init: {
      method,
      headers,
      redirect: "manual",
      ...(json !== undefined && { body: JSON.stringify(json) }),
    },
  };
}

/**
 * Waits for the token no longer than for an answer.
 *
 * @throws TypeError for a token that cannot be sent, without its value; what the function of the caller throws
 */
async function readToken(
  token: DocketOptions["token"],
  request: string,
  deadline: Deadline,
): Promise<string> {
  const { signal } = deadline;
  const aborted = new Promise<never>((_, reject) => {
    const abort = (): void =>
      reject(toFault(request, "the function token", signal.reason, deadline));
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
  const read = async () => (typeof token === "string" ? token : token());
  const given = await Promise.race([aborted, read()]);
  const text = typeof given === "string" ? given.trim() : "";
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw new TypeError("The token must consist of visible ASCII characters.");
}

function authorized(init: Prepared["init"], token: string): Prepared["init"] {
  const headers = new Headers(init.headers);
  headers.set("authorization", `Bearer ${token}`);
  return { ...init, headers };
}

async function withBody(
  init: RequestInit,
  upload: Upload | undefined,
  { signal, start }: Deadline,
): Promise<RequestInit> {
  if (upload === undefined) return { ...init, signal };
  const body = await upload.open(start);
  // Required for a stream (https://fetch.spec.whatwg.org, "half").
  return { ...init, signal, body, ...(body instanceof ReadableStream && { duplex: "half" }) };
}

/** Names the server and the reason when there is no answer. */
export function toFault(
  request: string,
  origin: string,
  error: unknown,
  { signal }: Deadline,
): unknown {
  if (error instanceof DocketError) return error;
  if (signal.aborted && !(signal.reason instanceof TimeLimitError)) return signal.reason;
  if (signal.aborted) {
    const detail = `${origin} did not answer in time`;
    return new DocketError(request, { code: "timeout", detail, cause: error });
  }
  const { cause, message } = (error ?? {}) as Partial<Error> & {
    readonly cause?: { readonly code?: string; readonly message?: string };
  };
  const reason = cause?.code ?? cause?.message ?? message ?? String(error);
  const detail = `${origin} does not answer (${reason})`;
  return new DocketError(request, { code: "network_error", detail, cause: error });
}

function queryString(query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query) as [string, unknown][]) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined) parameters.append(name, String(each));
    }
  }
  return parameters.size === 0 ? "" : `?${parameters.toString()}`;
}

/** Not `crypto.randomUUID`, which browsers offer to https pages only. */
const randomKey = (): string => toHex(crypto.getRandomValues(new Uint8Array(16)));
