import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { PartStream } from "./multipart/part-stream.ts";
import { StorageError } from "./storage-error.ts";

/** How long requests that create something may go on after the first error. */
const SETTLE_MS = 1_500;

/** One transfer of a body: keeps the first error, and stops the body and the requests because of it. */
export type Transfer = {
  /** Aborts at the first error. */
  readonly signal: AbortSignal;
  /** Aborts a moment later. For requests that create something: cut off at once, they could still take effect unseen. */
  readonly settleSignal: AbortSignal;
  /** Stops the transfer. Only the first error counts. */
  readonly fail: (error: unknown) => void;
  readonly firstError: () => unknown;
  /** Removes the listeners and the timer. */
  readonly end: () => void;
};

/** Starts a transfer of `body`. If `signal` aborts, it fails with the StorageError `storage_aborted`. */
export function createTransfer(
  signal: AbortSignal | undefined,
  body: Readable | PartStream,
): Transfer {
  const now = new AbortController();
  const settled = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let first: { readonly error: unknown } | undefined;

  const fail = (error: unknown): void => {
    if (first !== undefined) return;
    first = { error };
    now.abort(error);
    timer = setTimeout(() => settled.abort(error), SETTLE_MS);
    if (body instanceof PartStream) body.fail(error);
    else body.destroy(error instanceof Error ? error : undefined);
  };
  const onAbort = (): void => fail(new StorageError("storage_aborted", signal?.reason));

  // Also handles a late 'error' of the body, which would otherwise end the process.
  if (!(body instanceof PartStream)) finished(body, { writable: false, cleanup: true }).catch(fail);
  if (signal?.aborted === true) onAbort();
  else signal?.addEventListener("abort", onAbort, { once: true });

  return {
    signal: now.signal,
    settleSignal: settled.signal,
    fail,
    firstError: () => first?.error,
    end: () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    },
  };
}
