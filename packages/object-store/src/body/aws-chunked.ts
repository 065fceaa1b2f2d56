import { S3Error } from "../s3-error.ts";
import type { ChunkVerifier } from "../signing/chunk-signature.ts";

const MAX_LINE_BYTES = 4_096;
const MAX_TRAILERS = 16;

/**
 * Removes the aws-chunked framing from a body: `size[;chunk-signature=…]CRLF data CRLF … 0 CRLF trailers CRLF`.
 *
 * Yields data before its signature has been verified, so nothing may be committed until the whole body has been read.
 *
 * @param trailers receives the trailing headers, with names in lower case.
 * @throws S3Error IncompleteBody, InvalidRequest, SignatureDoesNotMatch
 */
export async function* decodeAwsChunked(
  body: AsyncIterable<Buffer>,
  trailers: Map<string, string>,
  verifier?: ChunkVerifier,
): AsyncGenerator<Buffer> {
  const reader = createReader(body);
  for (;;) {
    const { size, signature } = parseChunkHeader(await reader.line());
    let remaining = size;
    while (remaining > 0) {
      const data = await reader.take(remaining);
      remaining -= data.length;
      verifier?.update(data);
      yield data;
    }
    verifier?.end(signature);
    if (size === 0) break;
    if ((await reader.line()) !== "") throw malformed();
  }
  for (let line = await reader.line(); line !== ""; line = await reader.line()) {
    const colon = line.indexOf(":");
    if (colon < 1 || trailers.size >= MAX_TRAILERS) throw malformed();
    trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  if (!(await reader.isAtEnd())) throw malformed();
}

const malformed = (): S3Error =>
  new S3Error("InvalidRequest", "The aws-chunked framing is malformed.");

function parseChunkHeader(line: string): { size: number; signature: string | undefined } {
  const match = /^([0-9a-fA-F]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(line);
  if (match === null) throw malformed();
  return { size: parseInt(match[1] ?? "", 16), signature: match[2] };
}

/** Reads lines and runs of bytes from buffers of any size. Buffers at most one line and one buffer. */
function createReader(body: AsyncIterable<Buffer>) {
  const buffers = body[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);

  /** Reads another buffer; false at the end of the body. */
  const fill = async (): Promise<boolean> => {
    const next = await buffers.next();
    if (next.done === true) return false;
    rest = rest.length === 0 ? next.value : Buffer.concat([rest, next.value]);
    return true;
  };

  return {
    /** The next line without its CRLF. */
    line: async (): Promise<string> => {
      for (;;) {
        const end = rest.indexOf("\r\n");
        if (end > MAX_LINE_BYTES || (end === -1 && rest.length > MAX_LINE_BYTES)) throw malformed();
        if (end !== -1) {
          const line = rest.toString("latin1", 0, end);
          rest = rest.subarray(end + 2);
          return line;
        }
        if (!(await fill())) throw new S3Error("IncompleteBody");
      }
    },
    /** At least one byte, at most `limit`. */
    take: async (limit: number): Promise<Buffer> => {
      while (rest.length === 0) if (!(await fill())) throw new S3Error("IncompleteBody");
      const data = rest.subarray(0, limit);
      rest = rest.subarray(data.length);
      return data;
    },
    isAtEnd: async (): Promise<boolean> => {
      while (rest.length === 0) if (!(await fill())) return true;
      return false;
    },
  };
}
