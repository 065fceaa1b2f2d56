import type { IncomingMessage } from "node:http";
import { DocketError } from "@docket/domain";

/** The longest JSON body; a dispute's description of 5 000 characters takes at most 60 KB with every character escaped. */
export const MAX_JSON_BYTES = 100 * 1_024;

/** The server has no limit of its own on how long a body may take (see server.ts). */
const MAX_READ_MS = 15_000;

/**
 * Reads a JSON body; undefined when there is none.
 *
 * Not Express's parser: that one decodes bad UTF-8 to replacement characters, and reads a body that is too long to its end.
 * @throws DocketError `unsupported_media_type`, `payload_too_large`, `invalid_json`.
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  if (!hasBody(request)) return undefined;
  const { "content-type": type = "", "content-encoding": encoding = "identity" } = request.headers;
  if (!isJson(type) || encoding.toLowerCase() !== "identity") {
    throw new DocketError(
      "unsupported_media_type",
      "The body must be application/json in UTF-8, without a Content-Encoding.",
    );
  }
  const bytes = await readBytes(request, MAX_JSON_BYTES);
  return bytes.length === 0 ? undefined : parseJson(bytes);
}

/** JSON is UTF-8 (RFC 8259); parameters other than the charset mean nothing. */
function isJson(contentType: string): boolean {
  const [type, ...parameters] = contentType.toLowerCase().replaceAll(/[\s"]/g, "").split(";");
  const charset = parameters.find((each) => each.startsWith("charset="));
  return type === "application/json" && (charset === undefined || /=utf-?8$/.test(charset));
}

/** True when the request announces a body. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;

async function readBytes(request: IncomingMessage, most: number): Promise<Buffer> {
  const tooLarge = (): DocketError =>
    new DocketError("payload_too_large", `The body must be at most ${most} bytes long.`);
  if (Number(request.headers["content-length"] ?? 0) > most) throw tooLarge();

  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    const settle = (outcome: () => void): void => {
      clearTimeout(timer);
      request.off("data", onData).off("end", onEnd).off("error", onGone).off("close", onGone);
      request.pause();
      outcome();
    };
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > most) settle(() => reject(tooLarge()));
    };
    const onEnd = (): void => settle(() => resolve(Buffer.concat(chunks, length)));
    const onGone = (): void =>
      settle(() => reject(new DocketError("bad_request", "The body broke off.")));
    const timer = setTimeout(
      () =>
        settle(() => reject(new DocketError("bad_request", "The body took too long to arrive."))),
      MAX_READ_MS,
    );
    request.on("data", onData).on("end", onEnd).on("error", onGone).on("close", onGone);
  });
}

/** Strict: bytes that are no UTF-8 and characters that are half of a pair are refused, not replaced. */
export function parseJson(bytes: Buffer): unknown {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return JSON.parse(text, refuseTraps) as unknown;
  } catch (error) {
    if (error instanceof DocketError) throw error;
    throw new DocketError("invalid_json", "The body is not valid JSON in UTF-8.", { cause: error });
  }
}

const HALF_PAIR = /\p{Cs}/u;

function refuseTraps(key: string, value: unknown): unknown {
  // Copied with Object.assign, this key would set the prototype and slip past the check for unknown fields.
  if (key === "__proto__") {
    const detail = `"__proto__" is not allowed`;
    throw new DocketError("bad_request", `${detail}.`, { errors: [{ field: key, detail }] });
  }
  // Postgres would store U+FFFD in its place.
  if (typeof value === "string" && HALF_PAIR.test(value)) {
    throw new DocketError("invalid_json", "The body holds half of a surrogate pair.");
  }
  return value;
}
