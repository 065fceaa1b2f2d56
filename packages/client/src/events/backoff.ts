import { DocketError } from "../error.ts";
import { isOutage } from "../transport/retry.ts";

const BASE_MS = 1_000;
const MAX_MS = 60_000;
/** The longest wait that a response may ask for. */
const MAX_RETRY_AFTER_MS = 3_600_000;
/** Doubling goes no further. */
const MAX_FAILURES = 6;

/** When to open a stream again, while polling does its work. */
export function createBackoff() {
  let failures = 0;
  let failedAt = -Infinity;
  let nextAt = 0;
  return {
    /** The stream has ended or was refused. Also after a refusal it is tried again: the token, or the server, may change. */
    failed: (error?: unknown): void => {
      const now = performance.now();
      if (now - failedAt > 2 * MAX_MS) failures = 0;
      failedAt = now;
      const isRefused = error instanceof DocketError && !isOutage(error);
      const { retryAfterMs = 0 } = error instanceof DocketError ? error : {};
      const delay = isRefused ? MAX_MS : Math.min(BASE_MS * 2 ** failures, MAX_MS);
      failures = Math.min(failures + 1, MAX_FAILURES);
      // Clients that failed together do not come back together.
      nextAt =
        now +
        Math.max(delay * (0.5 + Math.random() / 2), Math.min(retryAfterMs, MAX_RETRY_AFTER_MS));
    },
    remainingMs: (): number => Math.max(0, nextAt - performance.now()),
  };
}
