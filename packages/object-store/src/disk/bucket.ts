import { join } from "node:path";

import type { RequestBody } from "../body/request-body.ts";
import { S3Error } from "../s3-error.ts";
import { createKeyQueue } from "./key-queue.ts";
import { openRecords, type ObjectRecords } from "./object-records.ts";
import { createPins, type Pins } from "./pins.ts";
import { openSegments, type ReceivedSegment, type Segments } from "./segments.ts";
import type { Segment, StoredObject, Upload } from "./stored-object.ts";

/**
 * A bucket on disk: `data/` holds bytes, `objects/` a record for each object. Renaming the record commits the object, so
 * an object, its headers and its bytes appear and disappear together, and parts become an object without being copied.
 */
export type Bucket = {
  readonly objects: ReadonlyMap<string, StoredObject>;
  readonly uploads: Map<string, Upload>;
  readonly receive: (body: RequestBody) => Promise<ReceivedSegment>;
  /** Takes over the object's segments, even when it rejects. @throws S3Error PreconditionFailed with `onlyIfAbsent` */
  readonly commit: (object: StoredObject, onlyIfAbsent: boolean) => Promise<void>;
  readonly remove: (key: string) => Promise<void>;
  readonly discard: (segments: readonly Segment[]) => Promise<void>;
  readonly pathOf: (segment: Segment) => string;
  /** Keeps an object's bytes while they are being read, and returns the function that releases them. */
  readonly pin: (object: StoredObject) => () => void;
};

/** Opens the bucket in `directory`, creating it when it is missing. */
export async function openBucket(directory: string): Promise<Bucket> {
  const records = await openRecords(join(directory, "objects"));
  const segments = await openSegments(join(directory, "data"), usedFiles(records));
  const files = { records, segments, pins: createPins(segments.discard) };
  // Changes to one key must not overlap, or memory and disk could differ.
  const inOrder = createKeyQueue();
  return {
    objects: records.objects,
    uploads: new Map(),
    receive: segments.receive,
    commit: (object, onlyIfAbsent) =>
      inOrder(object.key, () => commit(files, object, onlyIfAbsent)),
    remove: (key) => inOrder(key, () => remove(files, key)),
    discard: segments.discard,
    pathOf: segments.pathOf,
    pin: files.pins.pin,
  };
}

type BucketFiles = {
  readonly records: ObjectRecords;
  readonly segments: Segments;
  readonly pins: Pins;
};

async function commit(
  { records, segments, pins }: BucketFiles,
  object: StoredObject,
  onlyIfAbsent: boolean,
): Promise<void> {
  const previous = records.objects.get(object.key);
  try {
    if (onlyIfAbsent && previous !== undefined) throw new S3Error("PreconditionFailed");
    await segments.sync();
    await records.write(object);
  } catch (error) {
    await segments.discard(object.segments);
    throw error;
  }
  await records.sync();
  if (previous !== undefined) await pins.retire(previous);
}

async function remove({ records, pins }: BucketFiles, key: string): Promise<void> {
  const previous = records.objects.get(key);
  if (previous === undefined) return;
  await records.remove(key);
  await records.sync();
  await pins.retire(previous);
}

function usedFiles({ objects }: ObjectRecords): ReadonlySet<string> {
  const segments = [...objects.values()].flatMap((object) => object.segments);
  return new Set(segments.map(({ file }) => file));
}
