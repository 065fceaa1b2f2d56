/** Tasks that fail together: the first failure stops the others. */
export type TaskGroup = {
  /** Aborts when a task fails, or with the signal of the caller. */
  readonly signal: AbortSignal;
  readonly run: <T>(task: Promise<T>) => Promise<T>;
  /** Waits until all tasks have settled, so that none outlives the group. Throws the first failure. */
  readonly all: <T extends readonly Promise<unknown>[]>(
    tasks: readonly [...T],
  ) => Promise<{ [Index in keyof T]: Awaited<T[Index]> }>;
};

/** @param stop called at each failure, after the signal is aborted. May be called more than once. */
export function createTaskGroup(outer: AbortSignal, stop: () => void): TaskGroup {
  const failed = new AbortController();
  return {
    signal: AbortSignal.any([outer, failed.signal]),
    run: async (task) => {
      try {
        return await task;
      } catch (error) {
        failed.abort(error);
        stop();
        throw error;
      }
    },
    all: async (tasks) => {
      await Promise.allSettled(tasks);
      failed.signal.throwIfAborted();
      return Promise.all(tasks);
    },
  };
}
