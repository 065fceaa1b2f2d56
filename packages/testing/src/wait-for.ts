export type WaitOptions = {
  /** Defaults to 30 s. */
  readonly timeoutMs?: number;
  /** Defaults to 25 ms. */
  readonly everyMs?: number;
};

/**
 * Evaluates `condition` until its result is neither false nor null nor undefined, and resolves with that result. A condition that
 * throws is evaluated again.
 *
 * @throws Error after the timeout, caused by the last error of `condition`.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 30_000, everyMs = 25 }: WaitOptions = {},
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    let cause: unknown;
    try {
      const result = await condition();
      if (isResult(result)) return result;
    } catch (error) {
      cause = error;
    }
    if (performance.now() >= deadline) {
      throw new Error(
        `The condition did not become true within ${timeoutMs} ms: ${String(condition)}`,
        {
          cause,
        },
      );
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

function isResult<T>(value: T): value is Exclude<T, false | null | undefined> {
  return value !== false && value !== null && value !== undefined;
}
