import { DocketError, isDocketError } from "../error.ts";
import { onAbort } from "./on-abort.ts";

/** An operation is attempted once, and then at most this many times again. */
const MAX_RETRIES = 4;
const BASE_DELAY_MS = 250;
const MAX_DELAY_MS = 8_000;
/** A server that asks for a longer wait is left to the caller. */
const MAX_RETRY_AFTER_MS = 60_000;

export type RetryOptions = {
  readonly signal?: AbortSignal | undefined;
  readonly maxRetries?: number | undefined;
  /** False once the operation cannot be repeated, because its input is consumed. */
  readonly canRepeat?: () => boolean;
};

/** Repeats `attempt` after faults that may pass: no answer, 429, and 503 with `Retry-After`. */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  { signal, maxRetries = MAX_RETRIES, canRepeat = () => true }: RetryOptions = {},
): Promise<T> {
  for (let retries = 0; ; retries += 1) {
    try {
      return await attempt();
    } catch (error) {
      signal?.throwIfAborted();
      const delay = error instanceof DocketError ? retryDelay(error, retries) : undefined;
      if (delay === undefined || retries >= maxRetries || !canRepeat()) throw error;
      await sleep(delay, signal);
    }
  }
}

/** How long to wait before the next attempt, in milliseconds; undefined when repeating is of no use. */
function retryDelay(
  { code, status, retryAfterMs }: DocketError,
  retries: number,
): number | undefined {
  // Full jitter: clients that failed together do not come back together.
  const jitter = Math.random() * Math.min(BASE_DELAY_MS * 2 ** retries, MAX_DELAY_MS);
  if (retryAfterMs !== undefined) {
    const mayPass = status === 429 || status === 503 || code === "idempotency_key_in_use";
    return mayPass && retryAfterMs <= MAX_RETRY_AFTER_MS ? retryAfterMs + jitter : undefined;
  }
  return code === "network_error" || code === "timeout" || status === 429 ? jitter : undefined;
}

/** Whether a call may succeed later. Loops that wait for something go on after these faults, until their signal is aborted. */
export const isOutage = (error: unknown): error is DocketError =>
  isDocketError(error) &&
  (error.code === "network_error" || error.code === "timeout" || error.retryAfterMs !== undefined);

/**
 * Resolves after `ms`; rejects with the reason of the signal when it is aborted.
 *
 * @param onStart called with a function that ends the wait
 */
export function sleep(
  ms: number,
  signal?: AbortSignal,
  onStart?: (end: () => void) => void,
): Promise<void> {
  if (signal?.aborted) return Promise.reject(signal.reason as Error);
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      removeCallback?.();
      resolve();
    };
    const timer = setTimeout(end, ms);
    const removeCallback =
      signal &&
      onAbort(signal, () => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      });
    onStart?.(end);
  });
}

/** Wakes a waiter. A ring without a waiter is kept for the next wait. */
export function createBell() {
  let isRung = false;
  let end: (() => void) | undefined;
  return {
    ring: (): void => {
      isRung = true;
      end?.();
    },
    /** Resolves when it rings, or after `ms`. */
    wait: async (ms: number, signal?: AbortSignal): Promise<void> => {
      if (!isRung) await sleep(ms, signal, (wake) => (end = wake));
      isRung = false;
      end = undefined;
    },
  };
}
