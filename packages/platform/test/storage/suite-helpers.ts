import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { Storage } from "../../src/storage/index.ts";

export const MIB = 1_048_576;

export const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};

export const sha256 = (data: Uint8Array): string => createHash("sha256").update(data).digest("hex");

/** `data` in chunks that do not align with part boundaries. */
export const streamOf = (data: Buffer): Readable =>
  Readable.from(
    (function* () {
      for (let at = 0; at < data.length; at += 70_001) yield data.subarray(at, at + 70_001);
    })(),
  );

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
