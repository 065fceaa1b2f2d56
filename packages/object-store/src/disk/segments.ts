import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, rm, type FileHandle } from "node:fs/promises";
import { join } from "node:path";

import type { RequestBody, VerifiedBody } from "../body/request-body.ts";
import { syncDirectory } from "./files.ts";
import type { Segment } from "./stored-object.ts";

export type ReceivedSegment = VerifiedBody & { readonly segment: Segment };

/** The files that hold the objects' bytes, under random names. */
export type Segments = {
  readonly pathOf: (segment: Segment) => string;
  /** Streams a body into a new file. When it resolves, the body is verified and on disk; when it rejects, nothing is left. */
  readonly receive: (body: RequestBody) => Promise<ReceivedSegment>;
  readonly discard: (segments: readonly Segment[]) => Promise<void>;
  /** Makes the creation of all received files durable. */
  readonly sync: () => Promise<void>;
};

/** Opens the directory, and deletes the files that no object uses: bodies and uploads that a crash interrupted. */
export async function openSegments(
  directory: string,
  used: ReadonlySet<string>,
): Promise<Segments> {
  await mkdir(directory, { recursive: true });
  for (const file of await readdir(directory)) {
    if (!used.has(file)) await rm(join(directory, file), { force: true });
  }
  return {
    pathOf: ({ file }) => join(directory, file),
    receive: (body) => receiveSegment(directory, body),
    discard: async (segments) => {
      await Promise.all(segments.map(({ file }) => rm(join(directory, file), { force: true })));
    },
    sync: () => syncDirectory(directory),
  };
}

async function receiveSegment(directory: string, body: RequestBody): Promise<ReceivedSegment> {
  const file = randomUUID();
  const path = join(directory, file);
  try {
    const handle = await open(path, "wx");
    try {
      await writeBatched(handle, body.data);
      const verified = body.finish();
      await handle.datasync();
      return { ...verified, segment: { file, bytes: verified.bytes } };
    } finally {
      await handle.close();
    }
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/** Small buffers are collected into batches of this size, to save system calls. */
const BATCH_BYTES = 1_048_576;

async function writeBatched(handle: FileHandle, data: AsyncIterable<Buffer>): Promise<void> {
  let batch: Buffer[] = [];
  let batchBytes = 0;
  const write = async (): Promise<void> => {
    if (batchBytes > 0) await handle.writev(batch);
    batch = [];
    batchBytes = 0;
  };
  for await (const buffer of data) {
    batch.push(buffer);
    batchBytes += buffer.length;
    if (batchBytes >= BATCH_BYTES) await write();
  }
  await write();
}
