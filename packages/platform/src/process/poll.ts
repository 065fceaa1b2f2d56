export type Poll = {
  /** Makes the next run start without waiting for the rest of the interval. */
  readonly hint: () => void;
  /** Starts no further run, and waits for the one in progress. */
  readonly close: () => Promise<void>;
};

export type PollOptions = {
  /** From the end of one run to the start of the next. */
  readonly intervalMs: number;
  /** Hints within this time share a run. Default: 0. */
  readonly hintDelayMs?: number;
};

/**
 * Runs `work` at once and then at intervals, never twice at the same time. A hint during a run makes another one follow.
 *
 * @param work must not reject. Long work asks `isStopped` between its steps.
 */
export function startPoll(
  { intervalMs, hintDelayMs = 0 }: PollOptions,
  work: (isStopped: () => boolean) => Promise<void>,
): Poll {
  let isStopped = false;
  let isHinted = false;
  let onHint: (() => void) | undefined;
  const rest = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, isHinted ? hintDelayMs : intervalMs);
      onHint = () => {
        onHint = undefined;
        clearTimeout(timer);
        setTimeout(resolve, isStopped ? 0 : hintDelayMs);
      };
    });
  const run = async (): Promise<void> => {
    while (!isStopped) {
      isHinted = false;
      await work(() => isStopped);
      if (!isStopped) await rest();
    }
  };
  const running = run();
  const hint = (): void => {
    isHinted = true;
    onHint?.();
  };
  return {
    hint,
    close: async () => {
      isStopped = true;
      hint();
      await running;
    },
  };
}
