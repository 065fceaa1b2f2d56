import { withTimeout } from "../process/timeout.ts";
import type { Logger } from "../process/logger.ts";

export type DependencyState = "up" | "down" | "not_configured";

/** How to ask each dependency whether it answers; undefined: it is not configured. */
export type Dependencies = Readonly<
  Record<"database" | "queue" | "storage", (() => Promise<unknown>) | undefined>
>;

export type Readiness = {
  readonly ready: boolean;
  readonly checks: Readonly<Record<keyof Dependencies, DependencyState>>;
};

/** However a dependency hangs, the answer comes within this time. */
const DEADLINE_MS = 1_500;

/** Asks every dependency that is configured, all at once (contract §6). */
export async function checkReadiness(
  dependencies: Dependencies,
  logger: Logger,
): Promise<Readiness> {
  const ask = async (name: keyof Dependencies): Promise<DependencyState> => {
    const ping = dependencies[name];
    if (ping === undefined) return "not_configured";
    try {
      await withTimeout(DEADLINE_MS, ping());
      return "up";
    } catch (error) {
      logger.warn({ err: error, dependency: name }, "a dependency is out of reach");
      return "down";
    }
  };
  const [database, queue, storage] = await Promise.all([
    ask("database"),
    ask("queue"),
    ask("storage"),
  ]);
  const checks = { database, queue, storage };
  return { ready: !Object.values(checks).includes("down"), checks };
}
