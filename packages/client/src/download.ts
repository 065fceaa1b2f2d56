import { DocketError } from "./error.ts";
import type { DownloadLink } from "./generated/api-types.ts";
import { createSha256, toHex } from "./sha256.ts";
import { createDeadline, type Deadline } from "./transport/deadline.ts";
import { withRetries } from "./transport/retry.ts";
import { toFault, type CallOptions, type Transport } from "./transport/transport.ts";

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
    const stream = verified(body, { sizeBytes, sha256, deadline, request, toError });
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

type Expected = {
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly deadline: Deadline;
  readonly request: string;
  readonly toError: (error: unknown) => unknown;
};

/** Passes the bytes on and fails at the end unless size and SHA-256 are as expected. */
function verified(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  { sizeBytes, sha256, deadline, request, toError }: Expected,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  const hash = createSha256();
  let received = 0;
  const check = (isEnd: boolean): void => {
    const isComplete = !isEnd || (received === sizeBytes && toHex(hash.digest()) === sha256);
    if (received <= sizeBytes && isComplete) return;
    const detail = `${received} of ${sizeBytes} bytes arrived, or the SHA-256 differs`;
    throw new DocketError(request, { code: "download_corrupt", detail });
  };
  return new ReadableStream(
    {
      pull: async (controller) => {
        try {
          // Limits the wait for the network, not for a slow consumer.
          deadline.start();
          const { done, value } = await reader.read();
          deadline.pause();
          received += value?.length ?? 0;
          if (value !== undefined) hash.update(value);
          check(done);
          if (!done) return controller.enqueue(value);
          deadline.close();
          controller.close();
        } catch (error) {
          deadline.close();
          void reader.cancel().catch(() => undefined);
          controller.error(toError(error));
        }
      },
      cancel: (reason) => {
        deadline.close();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
