import type { Logger } from "./logger.ts";

/** What a process has started, to be closed in reverse order. */
export type Lifetime = {
  /** Registers something that was just started. */
  readonly onClose: (name: string, close: () => Promise<void> | void) => void;
  /**
   * Closes everything in reverse order; the same promise for every caller.
   * A closer that fails is logged and does not stop the others. Resolves false when something failed.
   */
  readonly close: () => Promise<boolean>;
};

export function createLifetime(logger: Logger): Lifetime {
  const closers: { name: string; close: () => Promise<void> | void }[] = [];
  let closing: Promise<boolean> | undefined;

  const closeAll = async (): Promise<boolean> => {
    let clean = true;
    for (const { name, close } of closers.toReversed()) {
      try {
        await close();
      } catch (error) {
        clean = false;
        logger.error({ err: error, closing: name }, "could not close");
      }
    }
    return clean;
  };

  return {
    onClose: (name, close) => {
      closers.push({ name, close });
    },
    close: () => (closing ??= closeAll()),
  };
}

/** Seconds that a process may take to stop after SIGTERM (contract §6). */
const STOP_SECONDS = 9;

/** What `main.ts` needs of `process`. */
type Process = Pick<NodeJS.Process, "once" | "exit">;

/**
 * Runs `start` until SIGTERM or SIGINT, then closes what it started; past the deadline the process ends all the same.
 * A start that fails closes what it had begun and exits 1.
 */
export async function runUntilSignal(
  process: Process,
  logger: Logger,
  start: (lifetime: Lifetime) => Promise<void>,
): Promise<void> {
  const lifetime = createLifetime(logger);
  const stop = async (reason: string, exitCode: number): Promise<void> => {
    logger.info({ reason }, "stopping");
    setTimeout(() => {
      logger.error("did not stop in time");
      process.exit(1);
    }, STOP_SECONDS * 1_000).unref();
    const clean = await lifetime.close();
    process.exit(clean ? exitCode : 1);
  };
  process.once("SIGTERM", () => void stop("SIGTERM", 0));
  process.once("SIGINT", () => void stop("SIGINT", 0));
  try {
    await start(lifetime);
  } catch (error) {
    logger.fatal({ err: error }, "could not start");
    await stop("start failed", 1);
  }
}
