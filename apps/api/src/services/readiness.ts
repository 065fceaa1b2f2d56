import type { Logger } from "@docket/platform";
import type { ApiContext } from "../context.ts";

export type DependencyState = "up" | "down" | "not_configured";

export type Readiness = {
  readonly ready: boolean;
  readonly checks: {
    readonly database: DependencyState;
    readonly queue: DependencyState;
    readonly storage: DependencyState;
  };
};

const NOT_CONFIGURED: DependencyState = "not_configured";

/** However a dependency hangs, the answer comes within this time. */
const DEADLINE_MS = 1_500;

/** Asks every dependency that is configured whether it answers. */
export async function readiness(
  context: Pick<ApiContext, "database" | "role" | "queue" | "storage">,
  logger: Logger,
): Promise<Readiness> {
  const { database, role, queue, storage } = context;
  const ask = async (name: string, ping: () => Promise<unknown>): Promise<DependencyState> => {
    try {
      await withinDeadline(ping());
      return "up";
    } catch (error) {
      logger.warn({ err: error, dependency: name }, "a dependency is out of reach");
      return "down";
    }
  };
  const [databaseState, queueState, storageState] = await Promise.all([
    ask("database", async () => {
      await database.ping();
      if (!role.isBound()) throw new Error("the database login has not been checked yet");
    }),
    ask("queue", () => queue.ping()),
    storage === undefined ? NOT_CONFIGURED : ask("storage", () => storage.ping()),
  ]);
  const checks = { database: databaseState, queue: queueState, storage: storageState };
  return { ready: !Object.values(checks).includes("down"), checks };
}

async function withinDeadline(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${DEADLINE_MS} ms`)), DEADLINE_MS);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
