import { randomUUID } from "node:crypto";
import { createStorage, type Storage, type StorageConfig } from "@docket/platform/storage";

/** An object store that tests can use: the embedded one always, a real S3 server when one is given. */
export interface StorageTarget {
  readonly name: string;
  /** A storage on a bucket of the test's own. */
  create(): Promise<{ readonly storage: Storage; readonly config: StorageConfig }>;
}

/** The embedded store (jest's global setup starts it), and the one that `TEST_S3_*` names. */
export function storageTargets(): readonly StorageTarget[] {
  return [
    target("the embedded store", "EMBEDDED_S3"),
    target("a real S3 server", "TEST_S3"),
  ].filter((each) => each !== undefined);
}

/** The embedded store. */
export function embeddedStorage(): StorageTarget {
  const [embedded] = storageTargets();
  if (embedded === undefined)
    throw new Error(
      "EMBEDDED_S3_ENDPOINT is not set: jest's global setup starts the store only when an .itest.ts is to run.",
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
