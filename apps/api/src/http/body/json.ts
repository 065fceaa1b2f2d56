import type { IncomingMessage } from "node:http";
import { DocketError } from "@docket/domain";
import { parse as parseContentType } from "content-type";
import { sendContinue } from "./expect-continue.ts";
import { hasBody } from "./has-body.ts";
import { incompleteBody } from "./stream.ts";

/** A dispute's description of 5,000 characters takes at most 60 KB, with every character escaped. */
const MAX_JSON_BYTES = 100 * 1_024;

/** The server sets no time limit on bodies (http/server.ts). */
const MAX_READ_MS = 15_000;

/**
 * Reads the body of a request as JSON. Express's parser would decode invalid UTF-8 to replacement characters, and read a body
 * that is too long to its end.
 *
 * @returns the value, undefined without a body, and the bytes of the body.
 * @throws DocketError `unsupported_media_type`, `payload_too_large`, `invalid_json`.
 */
export async function readJson(
  request: IncomingMessage,
): Promise<{ readonly value: unknown; readonly bytes: Buffer }> {
  if (!hasBody(request)) return { value: undefined, bytes: Buffer.alloc(0) };
  const { "content-type": type = "", "content-encoding": encoding = "identity" } = request.headers;
  if (!isJson(type) || encoding.toLowerCase() !== "identity") {
    throw new DocketError(
      "unsupported_media_type",
      "The body must be application/json in UTF-8, without a Content-Encoding.",
    );
  }
  if (Number(request.headers["content-length"] ?? 0) > MAX_JSON_BYTES) throw tooLarge();
  const bytes = await readBytes(request);
  return { value: bytes.length === 0 ? undefined : parseJson(bytes), bytes };
}

/** JSON is UTF-8 (RFC 8259); parameters other than `charset` have no meaning. */
function isJson(contentType: string): boolean {
  const { type, parameters } = parseContentType(contentType);
  const { charset = "utf-8" } = parameters;
  return type === "application/json" && /^utf-?8$/i.test(charset);
}

/** Not raw-body, which has no time limit. On an error the rest of the body is left to the error response (http/send.ts). */
function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      request.off("data", onData).off("end", onEnd).off("error", onGone).off("close", onGone);
      request.pause();
    };
    const fail = (error: DocketError): void => {
      stop();
      reject(error);
    };
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MAX_JSON_BYTES) fail(tooLarge());
    };
    const onEnd = (): void => {
      stop();
      resolve(Buffer.concat(chunks, length));
    };
    const onGone = (): void => fail(incompleteBody());
    const timer = setTimeout(() => fail(tooLate()), MAX_READ_MS);
    sendContinue(request);
    request.on("data", onData).on("end", onEnd).on("error", onGone).on("close", onGone);
  });
}

const tooLate = (): DocketError =>
  new DocketError("bad_request", `The body must arrive within ${MAX_READ_MS / 1_000} s.`);

const tooLarge = (): DocketError =>
  new DocketError("payload_too_large", `The body must have at most ${MAX_JSON_BYTES} bytes.`);

/** Refuses invalid UTF-8 and lone surrogates instead of replacing them. */
function parseJson(bytes: Buffer): unknown {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return JSON.parse(text, refuseUnsafe) as unknown;
  } catch (error) {
    if (error instanceof DocketError) throw error;
    throw new DocketError("invalid_json", "The body is not valid JSON in UTF-8.", { cause: error });
  }
}

const LONE_SURROGATE = /\p{Cs}/u;

function refuseUnsafe(key: string, value: unknown): unknown {
  // Copied with Object.assign, this key would set the prototype and slip past the check for unknown fields.
  if (key === "__proto__") {
    const detail = `"__proto__" is not allowed`;
    throw new DocketError("bad_request", `${detail}.`, { errors: [{ field: key, detail }] });
  }
  // Postgres would store U+FFFD instead.
  if (typeof value === "string" && LONE_SURROGATE.test(value)) {
    throw new DocketError("invalid_json", "The body contains a lone surrogate.");
  }
  return value;
}
