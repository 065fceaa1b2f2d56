/** How patient {@link waitFor} is. */
export interface WaitOptions {
  /** Default: 10 s. */
  readonly timeoutMs?: number;
  /** Default: 25 ms. */
  readonly everyMs?: number;
}

/**
 * Asks until the answer is neither false nor null nor undefined, and returns it. A condition that
 * throws is asked again; the last error becomes the cause when the time is up.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 10_000, everyMs = 25 }: WaitOptions = {},
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    let cause: unknown;
    try {
      const answer = await condition();
      if (isAnswer(answer)) return answer;
    } catch (error) {
      cause = error;
    }
    if (performance.now() >= deadline) {
      throw new Error(`The condition did not come true in ${timeoutMs} ms: ${String(condition)}`, {
        cause,
      });
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

function isAnswer<T>(value: T): value is Exclude<T, false | null | undefined> {
  return value !== false && value !== null && value !== undefined;
}
