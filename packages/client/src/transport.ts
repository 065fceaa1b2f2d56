/** The API answered with a status other than 2xx. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string | undefined;

  constructor(message: string, status: number, code: string | undefined) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export type ClientOptions = {
  readonly address: string;
  readonly token: string;
  /** Aborts all calls. */
  readonly signal?: AbortSignal;
};

type Body = { readonly type: string; readonly content: string | Uint8Array<ArrayBuffer> };

export type Answer = {
  /** The parsed JSON; undefined when the body is empty. */
  readonly value: unknown;
  /** How long to wait before the next poll. Default: 1 s. */
  readonly retryAfterMs: number;
};

export type Transport = ReturnType<typeof createTransport>;

export function createTransport({ address, token, signal }: ClientOptions) {
  const call = async (method: string, path: string, body?: Body): Promise<Answer> => {
    const response = await fetchOrExplain(`${address}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { "content-type": body.type }),
      },
      ...(body !== undefined && { body: body.content }),
      ...(signal !== undefined && { signal }),
    });
    const text = await response.text();
    if (!response.ok) throw toApiError(`${method} ${path}`, response.status, text);
    const seconds = Number(response.headers.get("retry-after") ?? 1);
    const retryAfterMs = Number.isFinite(seconds) ? Math.max(seconds, 0) * 1_000 : 1_000;
    return { value: text === "" ? undefined : JSON.parse(text), retryAfterMs };
  };
  return {
    call,
    get: async <T>(path: string): Promise<T> => (await call("GET", path)).value as T,
    post: async <T>(path: string, value: unknown): Promise<T> => {
      const body = { type: "application/json", content: JSON.stringify(value) };
      return (await call("POST", path, body)).value as T;
    },
    postBody: async <T>(path: string, body: Body): Promise<T> =>
      (await call("POST", path, body)).value as T,
  };
}

/** `fetch`, with an error that names the server and the reason when there is no answer. */
export async function fetchOrExplain(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (error) {
    request.signal?.throwIfAborted();
    const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
    const { origin } = new URL(url);
    const reason = cause?.code ?? cause?.message ?? message;
    throw new Error(`${origin} does not answer (${reason})`, { cause: error });
  }
}

function toApiError(request: string, status: number, text: string): ApiError {
  let problem: { detail?: string; title?: string; code?: string; errors?: unknown[] } = {};
  try {
    problem = JSON.parse(text) as typeof problem;
  } catch {
    // Not an answer of the API, or a truncated one. The status has to do.
  }
  const [first] = problem.errors ?? [];
  const details = [
    problem.detail ?? problem.title,
    first === undefined ? "" : JSON.stringify(first),
  ];
  return new ApiError(
    `${request} answered ${status}: ${details.filter(Boolean).join(" ")}`,
    status,
    problem.code,
  );
}
