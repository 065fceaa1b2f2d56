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

/** Checks all configured dependencies in parallel (docs/api.md §6). */
export async function checkReadiness(
  dependencies: Dependencies,
  logger: Logger,
): Promise<Readiness> {
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
