import type { Logger } from "@docket/platform";

export type Poll = {
  /** Runs without waiting for the rest of the interval. */
  readonly hint: () => void;
  readonly close: () => Promise<void>;
};

/** Runs `work` every `intervalMs` after its end. A run that fails is logged and repeated. */
export function startPoll(intervalMs: number, work: () => Promise<void>, logger: Logger): Poll {
  let isStopped = false;
  let isHinted = false;
  let wake = (): void => undefined;
  const rest = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, isHinted ? 0 : intervalMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const run = async (): Promise<void> => {
    while (!isStopped) {
      isHinted = false;
      await work().catch((error: unknown) => logger.warn({ err: error }, "webhook poll failed"));
      if (!isStopped) await rest();
    }
  };
  const running = run();
  const hint = (): void => {
    isHinted = true;
    wake();
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
