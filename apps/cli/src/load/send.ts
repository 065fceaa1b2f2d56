import { once } from "node:events";
import { createReadStream } from "node:fs";
import { request as httpRequest, type ClientRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";

import type { LoadFile } from "./load-file.ts";

/** The API's answer, of any status. */
export type Answer = {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
};

export type SendOptions = {
  readonly url: string;
  readonly token: string;
  readonly file: LoadFile;
  readonly onProgress: (sentBytes: number) => void;
};

const CHUNK_BYTES = 256 * 1_024;

/**
 * Sends a file in constant memory and returns the answer, which may arrive before the whole file has been sent.
 *
 * @throws Error when there is no answer. The message says whether anything can have been written.
 */
export async function sendFile({ url, token, file, onProgress }: SendOptions): Promise<Answer> {
  const send = url.startsWith("https:") ? httpsRequest : httpRequest;
  const call = send(url, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${token}`,
      "Content-Type": file.contentType,
      "Content-Length": file.bytes,
      ...(file.gzip && { "Content-Encoding": "gzip" }),
    },
  });
  const answered = once(call, "response") as Promise<[IncomingMessage]>;
  let isSent = false;
  try {
    isSent = await writeBody(call, file, answered, onProgress);
    const [response] = await answered;
    return await readAnswer(response);
  } catch (error) {
    if (error instanceof FileError) throw error;
    const { origin } = new URL(url);
    const { code, message } = error as NodeJS.ErrnoException;
    const outcome = isSent ? MAYBE_WRITTEN : NOT_WRITTEN;
    throw new Error(`${origin} does not answer (${code ?? message}). ${outcome}`, { cause: error });
  } finally {
    call.destroy();
  }
}

const NOT_WRITTEN = "Nothing was written.";
const MAYBE_WRITTEN =
  "The whole file had been sent, so it may have been written. Load it again: records that are already there stay unchanged.";

/** The file cannot be read to its end. */
class FileError extends Error {
  override readonly name = "FileError";
}

/** True when the whole file was sent; false when the answer arrived first. */
async function writeBody(
  call: ClientRequest,
  file: LoadFile,
  answered: Promise<unknown>,
  onProgress: (sentBytes: number) => void,
): Promise<boolean> {
  let isAnswered = false;
  const stop = (): void => void (isAnswered = true);
  answered.then(stop, stop);
  let sent = 0;
  for await (const chunk of readChunks(file)) {
    if (isAnswered) return false;
    // Bytes beyond the announced length would be taken for another request.
    if (sent + chunk.length > file.bytes) throw fileChanged(file);
    if (!call.write(chunk)) await Promise.race([once(call, "drain"), answered]);
    sent += chunk.length;
    onProgress(sent);
  }
  if (sent < file.bytes) throw fileChanged(file);
  call.end();
  return true;
}

async function* readChunks({ path }: LoadFile): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(path, { highWaterMark: CHUNK_BYTES });
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    throw new FileError(`${path} cannot be read (${reason}). ${NOT_WRITTEN}`, { cause: error });
  }
}

const fileChanged = ({ path }: LoadFile): FileError =>
  new FileError(`${path} changed while it was being sent. ${NOT_WRITTEN}`);

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return {
    status: response.statusCode ?? 0,
    retryAfter: response.headers["retry-after"],
    text: Buffer.concat(chunks).toString("utf8"),
  };
}
