import type { Download } from "./download.ts";
import { DocketError, isDocketError } from "./error.ts";
import { createSha256, nodeModule, toHex } from "./sha256.ts";
import { chunksOf } from "./transport/upload.ts";

export type SaveOptions = {
  /** Replaces a file of the same name with other content. Default: false. */
  readonly overwrite?: boolean;
  /** @param receivedBytes of the current attempt */
  readonly onProgress?: (receivedBytes: number) => void;
};

const MAX_ATTEMPTS = 3;

/**
 * Downloads a file into a directory, in Node. A file that is there has been verified: it gets its name when it is complete. A
 * download that breaks off or is corrupt is repeated twice. If the file is there already, with the same content, it stays.
 *
 * @returns the path of the file
 * @throws DocketError `file_exists` when the directory has a file of that name with other content; Error of the file system
 */
export async function saveTo(
  directory: string,
  open: () => Promise<Download>,
  options: SaveOptions = {},
): Promise<string> {
  const fs = nodeModule("node:fs/promises");
  if (fs === undefined) throw new Error("Only Node saves files to disk.");
  await fs.mkdir(directory, { recursive: true });
  for (let attempt = 1; ; attempt += 1) {
    const download = await open();
    try {
      return await save(directory, download, options);
    } catch (error) {
      // Ends the connection of a stream that nobody has read from. One that was read from has ended.
      if (!download.stream.locked) void download.stream.cancel(error).catch(() => undefined);
      const mayPass = REPEATABLE.some((code) => isDocketError(error, code));
      if (!mayPass || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

const REPEATABLE = ["network_error", "timeout", "download_corrupt"] as const;

async function save(
  directory: string,
  { fileName, sha256, stream }: Download,
  { overwrite = false, onProgress }: SaveOptions,
): Promise<string> {
  const fs = nodeModule("node:fs/promises")!;
  const paths = nodeModule("node:path")!;
  const target = paths.join(directory, safeName(paths.basename(fileName)));
  if (!overwrite && (await isSaved(target, sha256))) {
    await stream.cancel();
    return target;
  }
  // Not made of the name, which may be as long as a name can be.
  const random = Math.random().toString(36).slice(2);
  const partial = paths.join(directory, `.docket-${random}.part`);
  try {
    await fs.writeFile(partial, countChunks(stream, onProgress));
    // Once more, because another download may have ended meanwhile.
    if (!overwrite) await isSaved(target, sha256);
    await fs.rename(partial, target);
    return target;
  } catch (error) {
    await fs.rm(partial, { force: true });
    throw error;
  }
}

/** The name comes from the server, and must not lead out of the directory. */
function safeName(name: string): string {
  if (!["", ".", ".."].includes(name)) return name;
  const detail = `${JSON.stringify(name)} cannot be the name of a file`;
  throw new DocketError("GET file", { code: "download_failed", detail });
}

/** Whether the file is there with this content. @throws DocketError `file_exists` when it has another one */
async function isSaved(target: string, sha256: string): Promise<boolean> {
  const fs = nodeModule("node:fs/promises")!;
  const file = await fs.open(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (file === undefined) return false;
  const hash = createSha256();
  for await (const chunk of file.createReadStream()) hash.update(chunk as Uint8Array);
  if (toHex(hash.digest()) === sha256) return true;
  const detail = `${target} exists, with other content than the download`;
  throw new DocketError("GET file", { code: "file_exists", detail });
}

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
