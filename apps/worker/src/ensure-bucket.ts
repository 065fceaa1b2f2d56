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

/** A store that was started at the same moment needs a while. */
const TRIES = 60;

// For a fresh object store (docker-compose.yml): makes the bucket when it is not there, and ends.
const variables = { ...sharedVariables, S3_BUCKET: sharedVariables.S3_BUCKET.required() };
const environment = configOrExit(process, (given) =>
  readEnvironment<SharedVariables>(variables, given),
);
const logger = createLogger("docket-ensure-bucket", environment.LOG_LEVEL, {
  secrets: secretsIn(process.env),
});
checkNodeVersion(process, logger);
const config = storageConfig(environment);
if (config !== undefined) {
  const storage = createStorage(config);
  for (let left = TRIES; ; left -= 1) {
    try {
      await storage.ensureBucket();
      break;
    } catch (error) {
      const passing = error instanceof StorageError && error.kind === "unavailable";
      if (!passing || left === 1) throw error;
      await pause(1_000);
    }
  }
  await storage.close();
  logger.info({ bucket: config.bucket }, "the bucket is there");
}
