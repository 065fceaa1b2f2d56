/**
 * Runs `work`, or shares the result of the run of the same key that starts next. A run never starts before the call of anyone who
 * gets its result, so that no caller sees older rows than with a run of its own.
 */
export type ShareRun<Result> = (key: string, work: () => Promise<Result>) => Promise<Result>;

type Run<Result> = { readonly result: Promise<Result>; hasStarted: boolean };

/** Per key, at most one run is active and one waits for it, whatever the number of callers. A failure reaches the callers of its run only. */
export function createSharedRuns<Result>(): ShareRun<Result> {
  const latest = new Map<string, Run<Result>>();
  return (key, work) => {
    const previous = latest.get(key);
    if (previous !== undefined && !previous.hasStarted) return previous.result;
    const start = (): Promise<Result> => {
      run.hasStarted = true;
      return work().finally(() => {
        if (latest.get(key) === run) latest.delete(key);
      });
    };
    const result = Promise.resolve(previous?.result).then(start, start);
    const run: Run<Result> = { result, hasStarted: false };
    latest.set(key, run);
    return result;
  };
}
