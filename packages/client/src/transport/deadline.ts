import { onAbort } from "./on-abort.ts";

/** A time limit that can be restarted, combined with the signals of the caller. */
export type Deadline = {
  readonly signal: AbortSignal;
  /** Starts the time limit, again if it is already running. Default: the one that the deadline was created with. */
  readonly start: (limitMs?: number) => void;
  /** Stops the time limit until the next `start`. */
  readonly pause: () => void;
  /** Stops the time limit for good and removes the callbacks from the signals of the caller. */
  readonly close: () => void;
};

/** The reason of a signal whose time limit has passed. */
export class TimeLimitError extends Error {
  override readonly name = "TimeLimitError";
}

/**
 * Not with `AbortSignal.any` and `timeout`: those cannot be restarted, and stay attached to a signal of the caller that lives
 * longer than the call.
 */
export function createDeadline(
  timeoutMs: number,
  signals: readonly (AbortSignal | undefined)[],
): Deadline {
  const controller = new AbortController();
  const { signal } = controller;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;
  const pause = (): void => clearTimeout(timer);
  const removeCallbacks: (() => void)[] = [];
  for (const each of signals) {
    if (each?.aborted) controller.abort(each.reason);
    else if (each) removeCallbacks.push(onAbort(each, () => controller.abort(each.reason)));
  }
  return {
    signal,
    start: (limitMs = timeoutMs) => {
      pause();
      // The body of an attempt that has ended may still be read from.
      if (isClosed) return;
      timer = setTimeout(() => controller.abort(new TimeLimitError()), limitMs);
    },
    pause,
    close: () => {
      isClosed = true;
      pause();
      for (const remove of removeCallbacks) remove();
    },
  };
}
