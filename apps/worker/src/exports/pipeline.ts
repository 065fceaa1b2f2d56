import { createHash } from "node:crypto";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { FORMATS, type ExportSpec } from "@docket/domain";
import {
  escapeLiteral,
  openSnapshot,
  type Database,
  type Snapshot,
} from "@docket/platform/database";
import { partSizeFor, type Storage } from "@docket/platform/storage";
import { framings, reportQuery } from "@docket/reports";

/** A file that was stored whole. */
export type WrittenFile = {
  readonly recordsWritten: number;
  readonly recordsExpected: number;
  readonly bytesWritten: number;
  /** Hex digest of the stored bytes, taken while they streamed. */
  readonly sha256: string;
  readonly asOf: Date;
};

/** How far a running export is. */
export type ExportMeter = {
  readonly read: () => Promise<{
    recordsWritten: number;
    recordsExpected: number | undefined;
    bytesWritten: number;
    asOf: Date | undefined;
  }>;
};

export type WriteExport = {
  readonly spec: ExportSpec;
  readonly key: string;
  readonly fileName: string;
  readonly pool: Database["pool"];
  readonly storage: Storage;
  readonly signal: AbortSignal;
  /** Called once, when there is something to read. */
  readonly onMeter: (meter: ExportMeter) => void;
  readonly onUploadId: (uploadId: string) => void;
};

/**
 * Writes one report of the scope's tenant into one object, in constant memory: a snapshot, COPY with Postgres rendering the rows,
 * SHA-256 and a counter, a multipart upload that slows the COPY down when the store is slow.
 *
 * It resolves only when the file is whole: COPY's own command tag has come, and as many bytes are stored as were produced.
 * Else it rejects, and no upload is left open; an object that was completed before the fault is the caller's to delete.
 */
export async function writeExport(options: WriteExport): Promise<WrittenFile> {
  const { signal } = options;
  const snapshot = await openSnapshot(options.pool);
  // Ends the COPY on the server at once, also when nobody reads from it.
  const interrupt = (): void => void snapshot.close();
  signal.addEventListener("abort", interrupt, { once: true });
  try {
    signal.throwIfAborted();
    return await writeSnapshot(options, snapshot);
  } catch (error) {
    // What was interrupted fails in its own way (canceled statement, destroyed stream): say why it was.
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", interrupt);
    await snapshot.close();
  }
}

async function writeSnapshot(options: WriteExport, snapshot: Snapshot): Promise<WrittenFile> {
  const { spec, storage, key, fileName } = options;
  const query = reportQuery(spec, escapeLiteral);
  const rowsAbout = await snapshot.preparePlans(query.driverSql);

  const fault = new AbortController();
  const signal = AbortSignal.any([options.signal, fault.signal]);
  /** The first of the three that fails stops the other two. */
  const orStop = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      fault.abort(error);
      void snapshot.close();
      throw error;
    }
  };

  const copy = snapshot.copy(query.copySql(spec.format));
  const meter = createMeter();
  let recordsWritten = 0;
  let recordsExpected: number | undefined;
  options.onMeter({
    read: async () => {
      // Once COPY has ended the server tells nothing of it any more, while the last parts are still being stored.
      recordsWritten = copy.rowCount ?? Math.max(recordsWritten, await snapshot.rowsCopied());
      return {
        recordsWritten,
        recordsExpected,
        bytesWritten: meter.bytes(),
        asOf: snapshot.asOf,
      };
    },
  });

  const reading = orStop(
    pipeline(copy, framings[spec.format].frame(spec), meter.stage, { signal }),
  );
  const storing = orStop(
    storage.upload({
      key,
      body: meter.stage,
      contentType: FORMATS[spec.format].contentType,
      contentDisposition: `attachment; filename="${fileName}"`,
      partSizeBytes: partSizeFor(rowsAbout * ROW_BYTES_AT_MOST),
      signal,
      onUploadId: options.onUploadId,
    }),
  );
  const counting = orStop(
    snapshot.count(query.countSql).then((count) => {
      recordsExpected = count;
      return count;
    }),
  );
  // Wait for all three, also after a failure, so that nothing runs on behind the caller's back; then throw the first fault.
  await Promise.allSettled([reading, storing, counting]);
  fault.signal.throwIfAborted();
  const [stored, expected] = await Promise.all([storing, counting]);

  // The stream has ended, but was it whole? Only COPY's command tag says so.
  if (copy.rowCount === undefined) throw new Error("COPY ended without its command tag");
  if (stored.bytes !== meter.bytes())
    throw new Error(`${meter.bytes()} bytes were produced, ${stored.bytes} are stored`);
  return {
    recordsWritten: copy.rowCount,
    recordsExpected: expected,
    bytesWritten: stored.bytes,
    sha256: meter.sha256(),
    asOf: snapshot.asOf,
  };
}

/** What a row takes in the widest format, generously: it only decides the size of the upload's parts. */
const ROW_BYTES_AT_MOST = 2_048;

/** Counts and hashes what flows through. */
function createMeter(): { stage: Transform; bytes: () => number; sha256: () => string } {
  const hash = createHash("sha256");
  let bytes = 0;
  const stage = new Transform({
    readableHighWaterMark: 1_048_576,
    writableHighWaterMark: 1_048_576,
    transform: (chunk: Buffer, _encoding, done) => {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  return { stage, bytes: () => bytes, sha256: () => hash.digest("hex") };
}
