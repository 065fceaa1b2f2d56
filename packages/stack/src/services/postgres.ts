import { setTimeout as sleep } from "node:timers/promises";

import { startPostgres, type EmbeddedPostgres } from "@docket/embedded-postgres";

import { homePaths } from "../home/home.ts";
import { supervise, type Running, type Supervised } from "../processes/supervisor.ts";
import { openProcessLog, type StackEnv } from "./stack-env.ts";

/** Keeps the embedded Postgres running. A restart reuses the port. */
export async function supervisePostgres(
  stackEnv: StackEnv,
): Promise<Supervised<Running & { readonly postgres: EmbeddedPostgres }>> {
  const log = openProcessLog(stackEnv.home, "postgres");
  let port: number | undefined;
  const start = async () => {
    const postgres = await retryWhileZombie(() =>
      startPostgres({
        directory: homePaths.postgres(stackEnv.home),
        log: log.write,
        ...(port !== undefined && { port }),
      }),
    );
    port = postgres.port;
    const ended = postgres.ended.then(() => "see postgres.log");
    return { postgres, ended, stop: postgres.close };
  };
  return supervise({ name: "Postgres", start, log: stackEnv.log }, stackEnv.signal);
}

const ZOMBIE_TIMEOUT_MS = 10_000;
const RETRY_MS = 100;

/**
 * After `kill -9` of the whole stack, the old postmaster is a zombie until init reaps it. Until then a new postmaster
 * considers it alive and refuses to start.
 */
async function retryWhileZombie<T>(start: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + ZOMBIE_TIMEOUT_MS;
  for (;;) {
    try {
      return await start();
    } catch (error) {
      const isTransient = String(error).includes('lock file "postmaster.pid" already exists');
      if (!isTransient || performance.now() > deadline) throw error;
      await sleep(RETRY_MS);
    }
  }
}
