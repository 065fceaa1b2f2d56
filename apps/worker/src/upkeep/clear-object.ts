import type { Storage } from "@docket/platform/storage";

/** Deletes an object, and every unfinished upload to its key. Safe to repeat. */
export async function clearObject(storage: Storage, key: string): Promise<void> {
  for await (const upload of storage.listUploads(key))
    await storage.abortUpload(upload.key, upload.uploadId);
  await storage.delete(key);
}
