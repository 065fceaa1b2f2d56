import { setTimeout as pause } from "node:timers/promises";
import {
  checkNodeVersion,
  configOrExit,
  createLogger,
  readEnvironment,
  secretsIn,
  sharedVariables,
  storageConfig,
  type SharedVariables,
} from "@docket/platform";
import { createStorage, StorageError } from "@docket/platform/storage";

/** One per second: docker-compose.yml starts the store at the same time. */
const ATTEMPTS = 60;

// Creates the bucket of a new object store, then exits.
const variables = { ...sharedVariables, S3_BUCKET: sharedVariables.S3_BUCKET.required() };
const environment = configOrExit(process, (env) =>
  readEnvironment<SharedVariables>(variables, env),
);
const logger = createLogger("docket-ensure-bucket", environment.LOG_LEVEL, {
  secrets: secretsIn(process.env),
});
checkNodeVersion(process, logger);
const config = storageConfig(environment);
if (config !== undefined) {
  const storage = createStorage(config);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await storage.ensureBucket();
      break;
    } catch (error) {
      const isTransient = error instanceof StorageError && error.kind === "unavailable";
      if (!isTransient || attempt === ATTEMPTS) throw error;
      await pause(1_000);
    }
  }
  await storage.close();
  logger.info({ bucket: config.bucket }, "bucket ready");
}
