/** Runs tasks with the same key one after the other, and others concurrently. */
export type KeyQueue = <T>(key: string, task: () => Promise<T>) => Promise<T>;

export function createKeyQueue(): KeyQueue {
  const lastTasks = new Map<string, Promise<unknown>>();
  return async (key, task) => {
    const running = (lastTasks.get(key) ?? Promise.resolve()).then(task, task);
    lastTasks.set(key, running);
    try {
      return await running;
    } finally {
      if (lastTasks.get(key) === running) lastTasks.delete(key);
    }
  };
}
