import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { receiveFile, syncDirectory, writeAtomically, type Segment } from "./files.ts";
import type { Intake, Received } from "./intake.ts";
import { S3Error } from "./s3-error.ts";

/** An object: all that is known of it, and which files hold its bytes. */
export type StoredObject = {
  readonly key: string;
  readonly bytes: number;
  /** Without quotes. */
  readonly etag: string;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
  /** To be sent back as they came: content-type, x-amz-meta-…, x-amz-checksum-…. */
  readonly headers: Readonly<Record<string, string>>;
  readonly segments: readonly Segment[];
};

export type Part = {
  readonly etag: string;
  readonly lastModified: number;
  readonly segment: Segment;
};

/** Lives in memory: an upload does not outlive the store's process, and its client begins again. */
export type Upload = {
  readonly id: string;
  readonly key: string;
  readonly initiated: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly parts: Map<number, Part>;
};

/**
 * A bucket on disk: `data/` holds bytes under random names, `objects/` one small JSON file for each object, named by its key's SHA-256
 * (so any key fits, and none can leave the directory). Renaming that file is the commit: an object, its headers and its bytes appear
 * and vanish together, and parts need no copying to become one object. All objects' records are kept in memory.
 */
export type Bucket = {
  readonly objects: ReadonlyMap<string, StoredObject>;
  readonly uploads: Map<string, Upload>;
  readonly receive: (intake: Intake) => Promise<Received & { readonly segment: Segment }>;
  /** Takes the segments over, also when it rejects. @throws S3Error PreconditionFailed with `onlyIfAbsent` */
  readonly commit: (object: StoredObject, onlyIfAbsent: boolean) => Promise<void>;
  readonly remove: (key: string) => Promise<void>;
  readonly discard: (segments: readonly Segment[]) => Promise<void>;
  readonly pathOf: (segment: Segment) => string;
  /** Keeps an object's bytes while they are being read, whatever becomes of the object. Returns the release. */
  readonly pin: (object: StoredObject) => () => void;
};

/** Opens the bucket in `directory`, making it if need be, and clears away what a crash left behind. */
export async function openBucket(directory: string): Promise<Bucket> {
  const dataPath = join(directory, "data");
  const objectsPath = join(directory, "objects");
  await mkdir(dataPath, { recursive: true });
  await mkdir(objectsPath, { recursive: true });
  const objects = await loadObjects(objectsPath);
  await sweep(dataPath, objects);

  const readers = new Map<StoredObject, number>();
  const doomed = new Set<StoredObject>();
  const queues = new Map<string, Promise<unknown>>();

  const recordPath = (key: string): string =>
    join(objectsPath, `${createHash("sha256").update(key).digest("hex")}.json`);
  const discard = async (segments: readonly Segment[]): Promise<void> => {
    await Promise.all(segments.map(({ file }) => rm(join(dataPath, file), { force: true })));
  };
  const retire = async (object: StoredObject | undefined): Promise<void> => {
    if (object === undefined) return;
    if (readers.has(object)) doomed.add(object);
    else await discard(object.segments);
  };
  /** Changes to one key happen one after another, so that memory and disk cannot part. */
  const inTurn = async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const turn = (queues.get(key) ?? Promise.resolve()).then(work, work);
    queues.set(key, turn);
    try {
      return await turn;
    } finally {
      if (queues.get(key) === turn) queues.delete(key);
    }
  };

  return {
    objects,
    uploads: new Map(),
    receive: (intake) => receiveFile(dataPath, intake),
    commit: (object, onlyIfAbsent) =>
      inTurn(object.key, async () => {
        const former = objects.get(object.key);
        try {
          if (onlyIfAbsent && former !== undefined) throw new S3Error("PreconditionFailed");
          await syncDirectory(dataPath);
          await writeAtomically(recordPath(object.key), JSON.stringify(object));
        } catch (error) {
          await discard(object.segments);
          throw error;
        }
        objects.set(object.key, object);
        await syncDirectory(objectsPath);
        await retire(former);
      }),
    remove: (key) =>
      inTurn(key, async () => {
        const former = objects.get(key);
        if (former === undefined) return;
        await rm(recordPath(key), { force: true });
        objects.delete(key);
        await syncDirectory(objectsPath);
        await retire(former);
      }),
    discard,
    pathOf: ({ file }) => join(dataPath, file),
    pin: (object) => {
      readers.set(object, (readers.get(object) ?? 0) + 1);
      return () => {
        const left = (readers.get(object) ?? 1) - 1;
        if (left > 0) readers.set(object, left);
        else readers.delete(object);
        // What cannot be deleted now is found by the sweep at the next start.
        if (left === 0 && doomed.delete(object)) discard(object.segments).catch(() => undefined);
      };
    },
  };
}

async function loadObjects(path: string): Promise<Map<string, StoredObject>> {
  const objects = new Map<string, StoredObject>();
  for (const name of await readdir(path)) {
    if (name.endsWith(".json")) {
      const object = JSON.parse(await readFile(join(path, name), "utf8")) as StoredObject;
      objects.set(object.key, object);
    } else await rm(join(path, name), { force: true });
  }
  return objects;
}

/** Deletes the bytes that no object refers to: bodies cut off by a crash, unfinished uploads. */
async function sweep(dataPath: string, objects: ReadonlyMap<string, StoredObject>): Promise<void> {
  const used = new Set(
    [...objects.values()].flatMap(({ segments }) => segments.map(({ file }) => file)),
  );
  for (const file of await readdir(dataPath))
    if (!used.has(file)) await rm(join(dataPath, file), { force: true });
}
