import { randomUUID } from "node:crypto";
import { createStorage, type Storage, type StorageConfig } from "@docket/platform/storage";

/** An object store to run tests on. */
export type StorageTarget = {
  readonly name: string;
  /** Creates a bucket and a client for it. */
  readonly create: () => Promise<{ readonly storage: Storage; readonly config: StorageConfig }>;
};

/** The embedded store, which jest's global setup starts, and the store in `TEST_S3_*` if that is set. */
export function storageTargets(): readonly StorageTarget[] {
  return [
    target("the embedded store", "EMBEDDED_S3"),
    target("a real S3 server", "TEST_S3"),
  ].filter((each) => each !== undefined);
}

/** The embedded store. @throws Error if it is not running. */
export function embeddedStorage(): StorageTarget {
  const [embedded] = storageTargets();
  if (embedded === undefined)
    throw new Error(
      "EMBEDDED_S3_ENDPOINT is not set: jest's global setup starts the store only if an .itest.ts file will run.",
    );
  return embedded;
}

function target(name: string, prefix: string): StorageTarget | undefined {
  const endpoint = process.env[`${prefix}_ENDPOINT`];
  if (endpoint === undefined) return undefined;
  return {
    name,
    create: async () => {
      const config: StorageConfig = {
        endpoint,
        region: process.env[`${prefix}_REGION`] ?? "us-east-1",
        bucket: `test-${randomUUID()}`,
        accessKeyId: process.env[`${prefix}_ACCESS_KEY_ID`] ?? "",
        secretAccessKey: process.env[`${prefix}_SECRET_ACCESS_KEY`] ?? "",
        forcePathStyle: true,
      };
      const storage = createStorage(config);
      await storage.ensureBucket();
      return { storage, config };
    },
  };
}
