import { once } from "node:events";
import { createReadStream } from "node:fs";
import { request as httpRequest, type ClientRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";

import type { LoadFile } from "./command.ts";

/** What the API said, whatever it was. */
export type Answer = {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
};

/** A file, where it goes, and who hears how far it has got. */
export type Sending = {
  readonly url: string;
  readonly token: string;
  readonly file: LoadFile;
  /** Called with the bytes sent so far. */
  readonly progress: (bytes: number) => void;
};

const CHUNK_BYTES = 256 * 1_024;

/**
 * Sends a file as it lies on the disk, as fast as the API takes it, and reads the answer, also one that comes before
 * the whole file was sent. Holds a chunk of it in memory, however long it is.
 *
 * @throws Error when there is no answer, in a sentence that says whether anything can have been written.
 */
export async function sendFile({ url, token, file, progress }: Sending): Promise<Answer> {
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
  let whole = false;
  try {
    whole = await writeBody(call, file, answered, progress);
    const [response] = await answered;
    return await readAnswer(response);
  } catch (error) {
    if (error instanceof FileError) throw error;
    const { origin } = new URL(url);
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(
      `${origin} does not answer (${code ?? message}). ${whole ? PERHAPS : NOTHING}`,
      {
        cause: error,
      },
    );
  } finally {
    call.destroy();
  }
}

const NOTHING = "Nothing was written.";
const PERHAPS =
  "The whole file had been sent: whether it was written is not known. Load it again: what is there already is left as it is.";

/** The file cannot be sent to its end. */
class FileError extends Error {
  override readonly name = "FileError";
}

/** True when the whole file was sent; false when the answer came before its end. */
async function writeBody(
  call: ClientRequest,
  file: LoadFile,
  answered: Promise<unknown>,
  progress: (bytes: number) => void,
): Promise<boolean> {
  let over = false;
  const stop = (): void => void (over = true);
  answered.then(stop, stop);
  let sent = 0;
  for await (const chunk of chunksOf(file)) {
    if (over) return false;
    // The length was announced: what was added since then would be taken for another request.
    if (sent + chunk.length > file.bytes) throw changed(file);
    if (!call.write(chunk)) await Promise.race([once(call, "drain"), answered]);
    sent += chunk.length;
    progress(sent);
  }
  if (sent < file.bytes) throw changed(file);
  call.end();
  return true;
}

async function* chunksOf({ path }: LoadFile): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(path, { highWaterMark: CHUNK_BYTES });
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    throw new FileError(`${path} cannot be read (${reason}). ${NOTHING}`, { cause: error });
  }
}

const changed = ({ path }: LoadFile): FileError =>
  new FileError(`${path} changed while it was being sent. ${NOTHING}`);

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  return {
    status: response.statusCode ?? 0,
    retryAfter: response.headers["retry-after"],
    text: Buffer.concat(parts).toString("utf8"),
  };
}
