import { DocketError } from "./error.ts";
import type { DownloadLink } from "./generated/api-types.ts";
import { createSha256, toHex } from "./sha256.ts";
import { passOn } from "./transport/body.ts";
import { createDeadline } from "./transport/deadline.ts";
import { toFault } from "./transport/fault.ts";
import { withRetries } from "./transport/retry.ts";
import type { CallOptions } from "./transport/options.ts";
import type { Transport } from "./transport/transport.ts";

/** A file that is being downloaded. */
export type Download = {
  readonly fileName: string;
  readonly sizeBytes: number;
  /** In hex. */
  readonly sha256: string;
  /**
   * The bytes of the file. Reading ends with a DocketError `download_corrupt` instead of the end of the file when the size or
   * the SHA-256 differ, so keep nothing of a stream that was not read to its end.
   */
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
};

/** An archive that is being downloaded. Reading fails when it breaks off. */
export type Archive = Pick<Download, "fileName" | "stream">;

/** Where a file is, and how large it must be. */
export type FileLocation = {
  readonly link: Pick<DownloadLink, "downloadUrl" | "fileName" | "sha256">;
  readonly sizeBytes: number;
};

/**
 * Starts a download from the object store. `locate` is called for each attempt, because a link expires. It repeats its own calls,
 * so that its faults end the download.
 */
export function openDownload(
  transport: Transport,
  locate: () => Promise<FileLocation>,
  options: CallOptions = {},
): Promise<Download> {
  const { maxRetries, signal } = transport;
  let isLocated = false;
  const attempt = async (): Promise<Download> => {
    isLocated = false;
    const location = await locate();
    isLocated = true;
    return connect(transport, location, options);
  };
  return withRetries(attempt, { maxRetries, signal, ...options, canRepeat: () => isLocated });
}

async function connect(
  { send, timeoutMs, signal }: Transport,
  { link, sizeBytes }: FileLocation,
  options: CallOptions,
): Promise<Download> {
  const { downloadUrl, fileName, sha256 } = link;
  const deadline = createDeadline(timeoutMs, [signal, options.signal]);
  const request = `GET ${fileName}`;
  const toError = (error: unknown): unknown =>
    toFault(request, new URL(downloadUrl).origin, error, deadline);
  try {
    deadline.start();
    // Without the token: the link carries its own signature.
    const { ok, status, body } = await send(downloadUrl, { signal: deadline.signal });
    if (!ok || body === null) {
      // Frees the connection.
      void body?.cancel().catch(() => undefined);
      throw refused(request, status);
    }
    // A consumer may begin to read later.
    deadline.pause();
    const check = createCheck(request, sizeBytes, sha256);
    const stream = passOn(body, { deadline, toError, check });
    return { fileName, sizeBytes, sha256, stream };
  } catch (error) {
    deadline.close();
    throw toError(error);
  }
}

const refused = (request: string, status: number): DocketError =>
  new DocketError(request, {
    code: status >= 500 ? "network_error" : "download_failed",
    status,
    detail: `the object store answered ${status}`,
  });

/** Fails unless size and SHA-256 are as expected at the end, and as soon as there are too many bytes. */
function createCheck(request: string, sizeBytes: number, sha256: string) {
  const hash = createSha256();
  let received = 0;
  return (chunk: Uint8Array | undefined): void => {
    received += chunk?.length ?? 0;
    if (chunk !== undefined) hash.update(chunk);
    const isEnd = chunk === undefined;
    const isComplete = !isEnd || (received === sizeBytes && toHex(hash.digest()) === sha256);
    if (received <= sizeBytes && isComplete) return;
    const detail = `${received} of ${sizeBytes} bytes arrived, or the SHA-256 differs`;
    throw new DocketError(request, { code: "download_corrupt", detail });
  };
}
