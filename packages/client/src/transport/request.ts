import { toHex } from "../sha256.ts";
import type { Deadline } from "./deadline.ts";
import { toFault } from "./fault.ts";
import type { DocketOptions, WriteOptions } from "./options.ts";
import type { Upload } from "./upload.ts";

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

/** What all attempts of a call have in common. */
export type Prepared = {
  readonly spec: CallSpec;
  /** Names the call in errors. */
  readonly request: string;
  readonly url: string;
  readonly init: RequestInit & { readonly headers: Headers };
};

/** @throws TypeError for values that cannot be sent, which no repetition would change */
export function prepare(address: string, spec: CallSpec): Prepared {
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
 * The time limit for a response also applies to the token.
 *
 * @throws TypeError for a token that cannot be sent, without its value; what the function of the caller throws
 */
export async function readToken(
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

export function authorized(init: Prepared["init"], token: string): Prepared["init"] {
  const headers = new Headers(init.headers);
  headers.set("authorization", `Bearer ${token}`);
  return { ...init, headers };
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
