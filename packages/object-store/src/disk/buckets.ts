import { mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import { S3Error } from "../s3-error.ts";
import { openBucket, type Bucket } from "./bucket.ts";

export type Buckets = {
  /** In the order of their names. */
  readonly list: () => Promise<readonly { readonly name: string; readonly createdAt: Date }[]>;
  /** @throws S3Error NoSuchBucket */
  readonly get: (name: string) => Bucket;
  /** @throws S3Error InvalidBucketName, BucketAlreadyOwnedByYou */
  readonly create: (name: string) => Promise<void>;
};

/** S3's rule. Such a name is also safe as the name of a directory. */
const BUCKET_NAME = /^[a-z0-9](?:[a-z0-9-]|\.(?!\.)){1,61}[a-z0-9]$/;

/** Opens the buckets below `directory`, one directory each. */
export async function openBuckets(directory: string): Promise<Buckets> {
  await mkdir(directory, { recursive: true });
  const buckets = new Map<string, Bucket>();
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (entry.isDirectory() && BUCKET_NAME.test(entry.name)) {
      buckets.set(entry.name, await openBucket(join(directory, entry.name)));
    }
  }
  const creating = new Set<string>();
  return {
    list: () =>
      Promise.all(
        [...buckets.keys()].toSorted().map(async (name) => {
          const { birthtime } = await stat(join(directory, name));
          return { name, createdAt: birthtime };
        }),
      ),
    get: (name) => {
      const bucket = buckets.get(name);
      if (bucket === undefined) throw new S3Error("NoSuchBucket");
      return bucket;
    },
    create: async (name) => {
      if (!BUCKET_NAME.test(name)) throw new S3Error("InvalidBucketName");
      if (buckets.has(name) || creating.has(name)) throw new S3Error("BucketAlreadyOwnedByYou");
      creating.add(name);
      try {
        buckets.set(name, await openBucket(join(directory, name)));
      } finally {
        creating.delete(name);
      }
    },
  };
}
