import { DocketError, type FieldError } from "../error.ts";

export type Answer = {
  readonly status: number;
  /** The parsed JSON; undefined when the body is empty. */
  readonly value: unknown;
  /** From the header `Retry-After`, in milliseconds. */
  readonly retryAfterMs: number | undefined;
};

type ProblemFields = {
  readonly code?: string;
  readonly detail?: string;
  readonly title?: string;
  readonly errors?: readonly FieldError[];
  readonly requestId?: string;
};

/** Reads a response of the API. @throws DocketError for a status other than 2xx, and for a body that broke off */
export async function readAnswer(request: string, response: Response): Promise<Answer> {
  const { status, ok, headers } = response;
  if (!ok) throw await readRefusal(request, response);
  const value = parseJson(await response.text());
  if (value === INVALID) throw brokenOff(request, status);
  return { status, value, retryAfterMs: parseRetryAfter(headers.get("retry-after")) };
}

/** The error for an unusable response. */
export async function readRefusal(request: string, response: Response): Promise<DocketError> {
  const { status, headers } = response;
  const value = parseJson(await response.text());
  const problem = (typeof value === "object" ? (value ?? {}) : {}) as ProblemFields;
  const requestId = problem.requestId ?? headers.get("x-request-id") ?? undefined;
  return new DocketError(request, {
    // Without a code, it is the answer of something between the client and the API.
    code: problem.code ?? (status >= 500 ? "network_error" : "unexpected_answer"),
    detail: problem.detail ?? problem.title ?? `the server answered ${status} without a reason`,
    status,
    errors: problem.errors,
    requestId,
    retryAfterMs: parseRetryAfter(headers.get("retry-after")),
  });
}

const INVALID = Symbol("invalid JSON");

function parseJson(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return INVALID;
  }
}

const brokenOff = (request: string, status: number): DocketError =>
  new DocketError(request, { code: "network_error", status, detail: "the answer is not JSON" });

/** Seconds or an HTTP date (RFC 9110, 10.2.3). */
function parseRetryAfter(header: string | null): number | undefined {
  if (header === null || header.trim() === "") return undefined;
  const seconds = Number(header);
  const ms = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : seconds * 1_000;
  return Number.isFinite(ms) ? Math.max(ms, 0) : undefined;
}
