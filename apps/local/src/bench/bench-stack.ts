import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Lifetime } from "@docket/platform";

import { startChild, type Child } from "../child-process.ts";
import type { EmbeddedPostgres } from "../embedded-postgres.ts";
import { ensureSecrets, prepareHome } from "../home.ts";
import { migrate } from "../migrate.ts";
import { WORKER_PROGRAM } from "../paths.ts";
import {
  ensureAppLogin,
  ensureQueueDatabase,
  logOf,
  superviseObjectStore,
  supervisePostgres,
  type Surroundings,
} from "../stack-parts.ts";

/** What a benchmark runs on: nothing of it outlives the lifetime. */
export type BenchStack = {
  readonly postgres: EmbeddedPostgres;
  /** As the worker connects. */
  readonly databaseUrl: string;
  readonly queueUrl: string;
  readonly storage: Readonly<Record<string, string>>;
  /** A worker process of its own that runs one export at a time. */
  readonly startWorker: () => Promise<Child>;
};

/** Starts Postgres, migrates it, and starts the object store as a process of its own, all in a temporary directory. */
export async function startBenchStack(
  lifetime: Lifetime,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<BenchStack> {
  const home = await mkdtemp(join(tmpdir(), "docket-bench-"));
  // Postgres may have to run as another user, who must be able to pass through.
  await chmod(home, 0o711);
  lifetime.onClose("directory", () => rm(home, { recursive: true, force: true }));
  prepareHome(home);
  const around: Surroundings = {
    home,
    secrets: ensureSecrets(home),
    log,
    signal,
    onSpawn: () => undefined,
  };

  const supervised = await supervisePostgres(around);
  const { postgres } = supervised.first;
  // It may have had to go to another place than was asked for.
  lifetime.onClose("data", () => rm(postgres.directory, { recursive: true, force: true }));
  lifetime.onClose("Postgres", supervised.stop);
  const store = await superviseObjectStore(around);
  lifetime.onClose("object store", store.supervised.stop);
  await migrate(postgres.ownerUrl);
  const databaseUrl = await ensureAppLogin(postgres, around.secrets);
  const queueUrl = await ensureQueueDatabase(postgres, around.secrets);

  const startWorker = async (): Promise<Child> => {
    const environment = {
      ...store.settings,
      DATABASE_URL: databaseUrl,
      QUEUE_URL: queueUrl,
      EXPORT_CONCURRENCY: "1",
    };
    const workerLog = logOf(home, "worker");
    const options = { program: WORKER_PROGRAM, environment, readyMessage: "ready" };
    const child = await startChild({ ...options, log: workerLog, onSpawn: around.onSpawn }, signal);
    const stop = async (): Promise<void> => {
      await child.stop();
      workerLog.close();
    };
    // Stopping twice does no harm.
    lifetime.onClose("worker", child.stop);
    return { ...child, stop };
  };
  return { postgres, databaseUrl, queueUrl, storage: store.settings, startWorker };
}
