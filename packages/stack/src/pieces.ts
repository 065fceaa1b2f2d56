import type { Lifetime } from "@docket/platform";

import { migrate } from "@docket/migrations";
import {
  ensureAppLogin,
  ensureQueueDatabase,
  superviseObjectStore,
  supervisePostgres,
  type Surroundings,
} from "./parts.ts";
import { withoutStorage, type Environment } from "./settings.ts";

/**
 * Starts the pieces that `environment` does not give: Postgres for the database or the queue, the object store.
 * Returns the environment with the addresses of those that were started.
 */
export async function startPieces(
  environment: Environment,
  around: Surroundings,
  lifetime: Lifetime,
): Promise<Environment> {
  // Side by side; whichever fails, what was started is in `lifetime` before the failure is passed on.
  const [database, storage] = await Promise.allSettled([
    startDatabases(environment, around, lifetime),
    startStorage(environment, around, lifetime),
  ]);
  if (database.status === "rejected") throw database.reason;
  if (storage.status === "rejected") throw storage.reason;
  return { ...storage.value, ...database.value };
}

async function startDatabases(
  environment: Environment,
  around: Surroundings,
  lifetime: Lifetime,
): Promise<Environment> {
  const {
    DATABASE_URL: databaseUrl,
    MIGRATE_DATABASE_URL: ownerUrl,
    QUEUE_URL: queueUrl,
  } = environment;
  // Somebody else's database is migrated only by somebody who was told to.
  if (databaseUrl && ownerUrl) await migrate(ownerUrl);
  if (databaseUrl && queueUrl) return {};

  const supervised = await supervisePostgres(around);
  lifetime.onClose("Postgres", supervised.stop);
  around.signal.throwIfAborted();
  const { postgres } = supervised.first;
  const settings: Record<string, string> = {};
  if (!queueUrl) settings["QUEUE_URL"] = await ensureQueueDatabase(postgres, around.secrets);
  if (!databaseUrl) {
    await migrate(postgres.ownerUrl);
    settings["DATABASE_URL"] = await ensureAppLogin(postgres, around.secrets);
  }
  return settings;
}

async function startStorage(
  environment: Environment,
  around: Surroundings,
  lifetime: Lifetime,
): Promise<Environment> {
  if (environment["S3_ENDPOINT"]) return environment;
  const { supervised, settings } = await superviseObjectStore(around);
  lifetime.onClose("object store", supervised.stop);
  return { ...withoutStorage(environment), ...settings };
}
