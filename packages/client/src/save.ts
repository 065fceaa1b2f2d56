import type { Download } from "./download.ts";
import { isDocketError } from "./error.ts";
import { nodeModule } from "./sha256.ts";
import { chunksOf } from "./transport/upload.ts";

export type SaveOptions = {
  /** @param receivedBytes of the current attempt */
  readonly onProgress?: (receivedBytes: number) => void;
};

const MAX_ATTEMPTS = 3;

/**
 * Downloads a file into a directory, in Node. A file that is there has been verified: it gets its name, and replaces an older
 * one, when it is complete. A download that breaks off or is corrupt is repeated twice.
 *
 * @returns the path of the file
 * @throws DocketError; Error of the file system
 */
export async function saveTo(
  directory: string,
  open: () => Promise<Download>,
  { onProgress }: SaveOptions = {},
): Promise<string> {
  const fs = nodeModule("node:fs/promises");
  const paths = nodeModule("node:path");
  if (fs === undefined || paths === undefined) throw new Error("Only Node saves files to disk.");
  for (let attempt = 1; ; attempt += 1) {
    const { fileName, sha256, stream } = await open();
    // The name comes from the server, and must not lead out of the directory.
    const target = paths.join(directory, paths.basename(fileName));
    const partial = `${target}.${sha256.slice(0, 8)}-${Math.random().toString(36).slice(2)}.part`;
    try {
      await fs.mkdir(directory, { recursive: true });
      await fs.writeFile(partial, countChunks(stream, onProgress));
      await fs.rename(partial, target);
      return target;
    } catch (error) {
      await fs.rm(partial, { force: true });
      const mayPass = REPEATABLE.some((code) => isDocketError(error, code));
      if (!mayPass || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

const REPEATABLE = ["network_error", "timeout", "download_corrupt"] as const;

async function* countChunks(
  stream: Download["stream"],
  onProgress?: (receivedBytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let received = 0;
  for await (const chunk of chunksOf(stream)) {
    yield chunk;
    received += chunk.length;
    onProgress?.(received);
  }
}
