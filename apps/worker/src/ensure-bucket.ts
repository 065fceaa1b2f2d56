import {
  createLogger,
  readEnvironment,
  sharedVariables,
  storageConfig,
  type SharedVariables,
} from "@docket/platform";
import { createStorage } from "@docket/platform/storage";

// For a fresh object store (docker-compose.yml): makes the bucket when it is not there, and ends.
const { S3_BUCKET, ...others } = sharedVariables;
const environment = readEnvironment<SharedVariables>(
  { ...others, S3_BUCKET: S3_BUCKET.required() },
  process.env,
);
const config = storageConfig(environment);
if (config !== undefined) {
  const storage = createStorage(config);
  await storage.ensureBucket();
  await storage.close();
  createLogger("docket-ensure-bucket", environment.LOG_LEVEL).info(
    { bucket: config.bucket },
    "the bucket is there",
  );
}
