import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";

import { syncDirectory, writeAtomically } from "./files.ts";
import type { StoredObject } from "./stored-object.ts";

/** One JSON file for each object. All records are also kept in memory. */
export type ObjectRecords = {
  readonly objects: ReadonlyMap<string, StoredObject>;
  /** Writes a record, and only then updates the memory. */
  readonly write: (object: StoredObject) => Promise<void>;
  readonly remove: (key: string) => Promise<void>;
  /** Makes writes and removals durable. */
  readonly sync: () => Promise<void>;
};

/** Loads the records, and deletes what a crash left half written. */
export async function openRecords(directory: string): Promise<ObjectRecords> {
  await mkdir(directory, { recursive: true });
  const objects = await loadRecords(directory);
  // Named by the key's SHA-256: every key fits, and none can leave the directory.
  const pathOf = (key: string): string =>
    join(directory, `${createHash("sha256").update(key).digest("hex")}.json`);
  return {
    objects,
    write: async (object) => {
      await writeAtomically(pathOf(object.key), JSON.stringify(object));
      objects.set(object.key, object);
    },
    remove: async (key) => {
      await rm(pathOf(key), { force: true });
      objects.delete(key);
    },
    sync: () => syncDirectory(directory),
  };
}

async function loadRecords(directory: string): Promise<Map<string, StoredObject>> {
  const objects = new Map<string, StoredObject>();
  for (const name of await readdir(directory)) {
    if (name.endsWith(".json")) {
      const text = await readFile(join(directory, name), "utf8");
      const object = JSON.parse(text) as StoredObject;
      objects.set(object.key, object);
    } else await rm(join(directory, name), { force: true });
  }
  return objects;
}
