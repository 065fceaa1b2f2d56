import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";

import { fetchOrExplain } from "@docket/client";

export type DownloadedFile = { readonly bytes: number; readonly sha256: string };

/** Streams a file to disk and hashes it. */
export async function downloadFile(
  url: string,
  path: string,
  signal: AbortSignal,
): Promise<DownloadedFile> {
  const response = await fetchOrExplain(url, { signal });
  if (!response.ok || response.body === null) {
    throw new Error(`the download answered ${response.status}`);
  }
  const hash = createHash("sha256");
  let bytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  await pipeline(Readable.fromWeb(response.body), meter, createWriteStream(path), { signal });
  return { bytes, sha256: hash.digest("hex") };
}
