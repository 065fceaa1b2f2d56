import { createHash } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { Readable } from "node:stream";
import { PartStream, type BufferPool, type Storage } from "../../src/storage/index.ts";

export const MIB = 1_048_576;

export const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};

export const sha256 = (data: Uint8Array): string => createHash("sha256").update(data).digest("hex");

/** Chunks of this size do not align with the boundaries of parts. */
const CHUNK_BYTES = 70_001;

/** `data` in chunks. */
export const streamOf = (data: Buffer): Readable =>
  Readable.from(
    (function* () {
      for (let at = 0; at < data.length; at += CHUNK_BYTES)
        yield data.subarray(at, at + CHUNK_BYTES);
    })(),
  );

/** `data` in parts of 5 MiB, in buffers of the pool. It is written as fast as the parts are taken. */
export function partsOf(data: Buffer, pool: BufferPool): PartStream {
  const drained = new EventEmitter();
  let isFull = false;
  const parts = new PartStream({
    partBytes: 5 * MIB,
    pool,
    onFull: () => (isFull = true),
    onDrain: () => {
      isFull = false;
      drained.emit("drain");
    },
  });
  const write = async (): Promise<void> => {
    for (let at = 0; at < data.length; at += CHUNK_BYTES) {
      if (isFull) await once(drained, "drain");
      const chunk = data.subarray(at, at + CHUNK_BYTES);
      parts.reserve(chunk.length);
      parts.advance(parts.position + chunk.copy(parts.buffer, parts.position));
    }
    parts.end();
  };
  write().catch((error: unknown) => parts.fail(error));
  return parts;
}

/** The SHA-256 of the object, downloaded through a presigned URL. */
export async function digestOf(storage: Storage, key: string): Promise<string> {
  const input = {
    key,
    fileName: "f.bin",
    contentType: "application/octet-stream",
    expiresInSeconds: 60,
  };
  const response = await fetch(await storage.presignDownload(input));
  return sha256(new Uint8Array(await response.arrayBuffer()));
}
