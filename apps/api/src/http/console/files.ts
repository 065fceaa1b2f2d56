import { createHash } from "node:crypto";
import { access, readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

/** A response of the console, in memory. */
export type ConsoleFile = {
  readonly path: string;
  readonly body: Buffer;
  /** Absent where compression gains nothing. */
  readonly gzipped?: Buffer;
  readonly etag: string;
};

const compress = promisify(gzip);

/** A smaller file fits into one packet either way. */
const MIN_GZIP_BYTES = 1_024;

/**
 * Reads the build of the console into memory, so that no request reaches the file system and a new build never mixes with an old
 * one. Source maps and hidden files are left out.
 *
 * @throws the file system's error if there is no index.html, or a file is unreadable
 */
export async function readBuild(directory: string): Promise<readonly ConsoleFile[]> {
  await access(join(directory, "index.html"));
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(directory, join(parentPath, name)).replaceAll(sep, "/"))
    .filter((path) => !/(?:^|\/)\.|\.map$/.test(path));
  return Promise.all(
    paths.map(async (path) => consoleFile(`/${path}`, await readFile(join(directory, path)))),
  );
}

export async function consoleFile(path: string, body: Buffer): Promise<ConsoleFile> {
  const gzipped = body.length < MIN_GZIP_BYTES ? undefined : await compress(body);
  // Weak, because the bytes of the two encodings differ.
  const etag = `W/"${createHash("sha256").update(body).digest("base64url").slice(0, 27)}"`;
  return {
    path,
    body,
    etag,
    ...(gzipped !== undefined && gzipped.length < body.length && { gzipped }),
  };
}
