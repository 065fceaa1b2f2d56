import type { ChunkVerifier } from "./chunk-signature.ts";
import { S3Error } from "./s3-error.ts";

const MAX_LINE_BYTES = 4_096;
const MAX_TRAILERS = 16;

/**
 * Takes the aws-chunked framing off a body, wherever the network cut it: `size[;chunk-signature=…]CRLF data CRLF … 0 CRLF trailers CRLF`.
 *
 * Data is passed on before its signature can be checked: nothing may be committed until the whole has been read.
 * @param trailers receives the trailing headers, names in lower case.
 * @throws S3Error IncompleteBody, InvalidRequest, SignatureDoesNotMatch
 */
export async function* decodeAwsChunked(
  source: AsyncIterable<Buffer>,
  trailers: Map<string, string>,
  verifier?: ChunkVerifier,
): AsyncGenerator<Buffer> {
  const input = createInput(source);
  for (;;) {
    const { size, signature } = parseChunkHeader(await input.line());
    let left = size;
    while (left > 0) {
      const data = await input.take(left);
      left -= data.length;
      verifier?.update(data);
      yield data;
    }
    verifier?.end(signature);
    if (size === 0) break;
    if ((await input.line()) !== "") throw malformed();
  }
  for (let line = await input.line(); line !== ""; line = await input.line()) {
    const colon = line.indexOf(":");
    if (colon < 1 || trailers.size >= MAX_TRAILERS) throw malformed();
    trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  if (!(await input.isAtEnd())) throw malformed();
}

const malformed = (): S3Error =>
  new S3Error("InvalidRequest", "The aws-chunked framing is malformed.");

function parseChunkHeader(line: string): { size: number; signature: string | undefined } {
  const match = /^([0-9a-fA-F]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(line);
  if (match === null) throw malformed();
  return { size: parseInt(match[1] ?? "", 16), signature: match[2] };
}

/** Reads lines and runs of bytes from pieces of any size; only the beginning of a line is ever kept. */
function createInput(source: AsyncIterable<Buffer>) {
  const pieces = source[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);

  const more = async (): Promise<boolean> => {
    const next = await pieces.next();
    if (next.done === true) return false;
    rest = rest.length === 0 ? next.value : Buffer.concat([rest, next.value]);
    return true;
  };

  return {
    /** Without its CRLF. */
    line: async (): Promise<string> => {
      for (;;) {
        const end = rest.indexOf("\r\n");
        if (end > MAX_LINE_BYTES || (end === -1 && rest.length > MAX_LINE_BYTES)) throw malformed();
        if (end !== -1) {
          const line = rest.toString("latin1", 0, end);
          rest = rest.subarray(end + 2);
          return line;
        }
        if (!(await more())) throw new S3Error("IncompleteBody");
      }
    },
    /** At least one byte, at most `limit`. */
    take: async (limit: number): Promise<Buffer> => {
      while (rest.length === 0) if (!(await more())) throw new S3Error("IncompleteBody");
      const data = rest.subarray(0, limit);
      rest = rest.subarray(data.length);
      return data;
    },
    isAtEnd: async (): Promise<boolean> => {
      while (rest.length === 0) if (!(await more())) return true;
      return false;
    },
  };
}
