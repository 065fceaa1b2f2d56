import { createHash } from "node:crypto";
import { pipeline, Readable, Transform, type PassThrough } from "node:stream";
import { ZipFile } from "yazl";

/** A file of an archive. */
export type ZipEntry = {
  readonly name: string;
  /** Called when the entry's turn comes, so that one source is open at a time. */
  readonly open: () => Promise<Readable>;
  /** The SHA-256 (hex) that the bytes must have. */
  readonly sha256?: string;
};

/** The name, the size and the SHA-256 (hex) of an entry. */
type ManifestLine = { readonly name: string; readonly sizeBytes: number; readonly sha256: string };

/**
 * Equal contents give equal bytes: a fixed time in place of the clock's, without the zone of the process, and no compression, whose
 * result depends on the version of zlib.
 */
const OPTIONS = { mtime: new Date(1980, 0, 1), forceDosTimestamp: true, compress: false };

/**
 * Streams a ZIP of the entries, and of `manifest.json` at the end, in constant memory. The stream fails with the first error of an
 * entry, and with an error if an entry's bytes are not those of its SHA-256.
 */
export function zipOf(entries: readonly ZipEntry[]): Readable {
  const zip = new ZipFile();
  const output = zip.outputStream as PassThrough;
  const manifest: ManifestLine[] = [];
  let current: Readable | undefined;
  const fail = (error: unknown): void => void output.destroy(error as Error);
  const add = (name: string, open: () => Promise<Readable>): void =>
    zip.addReadStreamLazy(name, OPTIONS, (take) => {
      const start = (source: Readable): void => {
        current = source;
        // The reader may have gone while the source was being opened.
        if (output.destroyed) source.destroy();
        take(null, source);
      };
      open().then(start, fail);
    });
  for (const entry of entries)
    add(entry.name, async () => {
      const summed = sum(entry, (line) => manifest.push(line));
      return pipeline(await entry.open(), summed, (error) => error && fail(error));
    });
  add("manifest.json", async () => Readable.from([JSON.stringify(manifest)]));
  zip.end();
  output.once("close", () => current?.destroy());
  return output;
}

/** Passes the bytes on, and reports their number and their SHA-256 at the end. */
function sum({ name, sha256: wanted }: ZipEntry, report: (line: ManifestLine) => void): Transform {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      done(null, chunk);
    },
    flush(done) {
      const sha256 = hash.digest("hex");
      if (wanted !== undefined && wanted !== sha256)
        return done(new Error("a stored file does not have its SHA-256"));
      report({ name, sizeBytes, sha256 });
      done();
    },
  });
}
