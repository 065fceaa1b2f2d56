/** No loop sends more requests than this, however fast they are answered. */
const MAX_CALLS = 20_000;

/** Runs `work` again and again in `parallel` loops until `signal` aborts. */
export async function repeat(
  signal: AbortSignal,
  parallel: number,
  work: () => Promise<void>,
): Promise<void> {
  const loop = async (): Promise<void> => {
    for (let calls = 0; calls < MAX_CALLS && !signal.aborted; calls += 1) await work();
  };
  await inParallel(parallel, loop);
}

/** Runs `work` as often as `count` says, all at once. */
export async function inParallel(count: number, work: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: count }, work));
}
