import { readAnswer, readRefusal, type Answer } from "./answer.ts";
import { passOn } from "./body.ts";
import { createDeadline, type Deadline } from "./deadline.ts";
import { toFault } from "./fault.ts";
import type { DocketOptions } from "./options.ts";
import { authorized, prepare, readToken, type CallSpec, type Prepared } from "./request.ts";
import { withRetries } from "./retry.ts";
import type { Upload } from "./upload.ts";
import { sendWithProgress } from "./xhr.ts";

export type Transport = ReturnType<typeof createTransport>;

/** A response whose body is read while it arrives. */
type OpenResponse = {
  readonly headers: Headers;
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
};

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
    open: createOpen({ address, send, timeoutMs, settings }),
    /** The body of the answer. Its type is the one of the OpenAPI document; it is not checked. */
    json: async <T>(spec: CallSpec): Promise<T> => (await call(spec)).value as T,
  };
}

type Sender = {
  readonly address: string;
  readonly send: typeof globalThis.fetch;
  readonly timeoutMs: number;
  readonly settings: DocketOptions;
};

/** Opens a response that is read while it arrives. One attempt. */
const createOpen =
  ({ address, send, timeoutMs, settings }: Sender) =>
  async (spec: CallSpec, silenceMs?: number): Promise<OpenResponse> => {
    const { request, url, init } = prepare(address, spec);
    const deadline = createDeadline(timeoutMs, [settings.signal, spec.options?.signal]);
    const toError = (error: unknown): unknown => toFault(request, address, error, deadline);
    try {
      deadline.start();
      const token = await readToken(settings.token, request, deadline);
      const response = await send(url, { ...authorized(init, token), signal: deadline.signal });
      const { ok, headers, body } = response;
      if (!ok || body === null) throw await readRefusal(request, response);
      deadline.pause();
      return { headers, stream: passOn(body, { deadline, silenceMs, toError }) };
    } catch (error) {
      deadline.close();
      throw toError(error);
    }
  };

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
