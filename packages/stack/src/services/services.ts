import { migrate } from "@docket/migrations";
import type { Lifetime } from "@docket/platform";

import { omitStorageVariables, type Environment } from "../settings.ts";
import { ensureAppLogin, ensureQueueDatabase } from "./databases.ts";
import { superviseObjectStore } from "./object-store.ts";
import { supervisePostgres } from "./postgres.ts";
import type { StackEnv } from "./stack-env.ts";

/**
 * Starts the embedded Postgres and object store, except where `environment` names a service to use instead.
 * Returns the environment with the addresses of the started services.
 */
export async function startServices(
  environment: Environment,
  stackEnv: StackEnv,
  lifetime: Lifetime,
): Promise<Environment> {
  // allSettled: when one fails, the other must be registered in `lifetime` before the error is thrown.
  const [database, storage] = await Promise.allSettled([
    startDatabases(environment, stackEnv, lifetime),
    startStorage(environment, stackEnv, lifetime),
  ]);
  if (database.status === "rejected") throw database.reason;
  if (storage.status === "rejected") throw storage.reason;
  return { ...storage.value, ...database.value };
}

async function startDatabases(
  environment: Environment,
  stackEnv: StackEnv,
  lifetime: Lifetime,
): Promise<Environment> {
  const {
    DATABASE_URL: databaseUrl,
    MIGRATE_DATABASE_URL: ownerUrl,
    QUEUE_URL: queueUrl,
  } = environment;
  // An external database is migrated only when its owner's URL is set.
  if (databaseUrl && ownerUrl) await migrate(ownerUrl);
  if (databaseUrl && queueUrl) return {};

  const supervised = await supervisePostgres(stackEnv);
  lifetime.onClose("Postgres", supervised.stop);
  stackEnv.signal.throwIfAborted();
  const { postgres } = supervised.first;
  const settings: Record<string, string> = {};
  if (!queueUrl) settings["QUEUE_URL"] = await ensureQueueDatabase(postgres, stackEnv.secrets);
  if (!databaseUrl) {
    await migrate(postgres.ownerUrl);
    settings["DATABASE_URL"] = await ensureAppLogin(postgres, stackEnv.secrets);
  }
  return settings;
}

async function startStorage(
  environment: Environment,
  stackEnv: StackEnv,
  lifetime: Lifetime,
): Promise<Environment> {
  if (environment["S3_ENDPOINT"]) return environment;
  const { supervised, settings } = await superviseObjectStore(stackEnv);
  lifetime.onClose("object store", supervised.stop);
  return { ...omitStorageVariables(environment), ...settings };
}
