import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { StorageError } from "./storage-error.ts";

/** How long after the first fault a request may go on that creates something: cut off, it could take effect later, unseen. */
const SETTLE_MS = 1_500;

/** One transfer's life: it remembers the first fault, and stops the body and the requests with it. */
export type Flight = {
  /** Cuts off requests that may be cut off at any point. */
  readonly cut: AbortSignal;
  /** Cuts off the others, a moment later. */
  readonly cutLate: AbortSignal;
  /** Only the first fault counts. */
  readonly fail: (fault: unknown) => void;
  /** What the caller is told. */
  readonly reason: () => unknown;
  readonly end: () => void;
};

/** Begins a transfer of `body`, which `signal` may stop with a StorageError of the kind `aborted`. */
export function createFlight(signal: AbortSignal | undefined, body: Readable): Flight {
  const cut = new AbortController();
  const cutLate = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let first: { readonly fault: unknown } | undefined;

  const fail = (fault: unknown): void => {
    if (first !== undefined) return;
    first = { fault };
    cut.abort(fault);
    timer = setTimeout(() => cutLate.abort(fault), SETTLE_MS);
    // The fault of a body that failed by itself is its own; else it is stopped, and whoever feeds it hears why.
    body.destroy(fault instanceof Error ? fault : undefined);
  };
  const onAbort = (): void => fail(new StorageError("storage_aborted", signal?.reason));

  // Also keeps an 'error' that nobody reads any more from ending the process.
  finished(body, { writable: false, cleanup: true }).catch(fail);
  if (signal?.aborted === true) onAbort();
  else signal?.addEventListener("abort", onAbort, { once: true });

  return {
    cut: cut.signal,
    cutLate: cutLate.signal,
    fail,
    reason: () => first?.fault,
    end: () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    },
  };
}
