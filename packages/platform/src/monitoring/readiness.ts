import { withTimeout } from "../process/timeout.ts";
import type { Logger } from "../process/logger.ts";

export type DependencyState = "up" | "down" | "not_configured";

/** A check per dependency, which rejects if it is down; undefined if the dependency is not configured. */
export type Dependencies = Readonly<
  Record<"database" | "queue" | "storage", (() => Promise<unknown>) | undefined>
>;

export type Readiness = {
  readonly ready: boolean;
  readonly checks: Readonly<Record<keyof Dependencies, DependencyState>>;
};

/** Limits each check, so that the response is quick even if a dependency hangs. */
const TIMEOUT_MS = 1_500;

/** Callers of the same second share an answer: `/readyz` takes no token, and a check costs each dependency a request. */
const SHARED_MS = 1_000;

/** Creates the check of `/readyz` (docs/api.md §6), which checks all configured dependencies in parallel. */
export function createReadinessCheck(
  dependencies: Dependencies,
  logger: Logger,
): () => Promise<Readiness> {
  let shared: Promise<Readiness> | undefined;
  return () => {
    if (shared === undefined) {
      shared = checkReadiness(dependencies, logger);
      setTimeout(() => (shared = undefined), SHARED_MS).unref();
    }
    return shared;
  };
}

async function checkReadiness(dependencies: Dependencies, logger: Logger): Promise<Readiness> {
  const check = async (name: keyof Dependencies): Promise<DependencyState> => {
    const ping = dependencies[name];
    if (ping === undefined) return "not_configured";
    try {
      await withTimeout(TIMEOUT_MS, ping());
      return "up";
    } catch (error) {
      logger.warn({ err: error, dependency: name }, "dependency unavailable");
      return "down";
    }
  };
  const [database, queue, storage] = await Promise.all([
    check("database"),
    check("queue"),
    check("storage"),
  ]);
  const checks = { database, queue, storage };
  return { ready: !Object.values(checks).includes("down"), checks };
}
