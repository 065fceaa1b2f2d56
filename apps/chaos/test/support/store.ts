import type { Storage, StorageConfig } from "@docket/platform/storage";

/** The `S3_*` variables of a store. */
export const storeVariables = (config: StorageConfig): Record<string, string> => ({
  S3_ENDPOINT: config.endpoint ?? "",
  S3_REGION: config.region,
  S3_BUCKET: config.bucket,
  S3_ACCESS_KEY_ID: config.accessKeyId ?? "",
  S3_SECRET_ACCESS_KEY: config.secretAccessKey ?? "",
  S3_FORCE_PATH_STYLE: "true",
});

/** The keys of all objects, followed by those of all multipart uploads, marked "(unfinished)". */
export async function listStored(storage: Storage): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of storage.list("")) keys.push(key);
  for await (const { key } of storage.listUploads("")) keys.push(`${key} (unfinished)`);
  return keys;
}
