import { createHash } from "node:crypto";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { FORMATS, type ExportSpec } from "@docket/domain";
import {
  escapeLiteral,
  openSnapshot,
  type CopyStream,
  type Database,
  type Snapshot,
} from "@docket/platform/database";
import type { ExportProgress } from "@docket/platform/rows";
import { partSizeFor, type Storage } from "@docket/platform/storage";
import { framings, reportQuery } from "@docket/reports";
import { createTaskGroup } from "./task-group.ts";

/** A complete file in the store. */
export type WrittenFile = {
  readonly recordsWritten: number;
  readonly recordsExpected: number;
  readonly bytesWritten: number;
  /** Hex digest of the stored bytes, computed as they stream. */
  readonly sha256: string;
  readonly asOf: Date;
};

/** Reads the progress of a running export. */
export type ExportMeter = { readonly read: () => Promise<ExportProgress> };

export type WriteExport = {
  readonly spec: ExportSpec;
  readonly key: string;
  readonly fileName: string;
  readonly pool: Database["pool"];
  readonly storage: Storage;
  readonly signal: AbortSignal;
  /** Called once, when the COPY starts. */
  readonly onMeter: (meter: ExportMeter) => void;
  readonly onUploadId: (uploadId: string) => void;
};

/**
 * Writes a report of the current tenant to an object, in constant memory: one snapshot, COPY with the rows rendered by Postgres,
 * SHA-256 and a byte counter, a multipart upload. Back-pressure from the store reaches the COPY.
 *
 * Resolves only if COPY's command tag has arrived and the bytes stored equal the bytes produced (docs/api.md §2, "Completeness").
 * Rejects otherwise, with no upload left open. The caller then deletes the object, which may be complete.
 */
export async function writeExport(options: WriteExport): Promise<WrittenFile> {
  const { signal } = options;
  const snapshot = await openSnapshot(options.pool);
  // Cancels the COPY on the server even if nobody reads from it.
  const interrupt = (): void => void snapshot.close();
  signal.addEventListener("abort", interrupt, { once: true });
  try {
    signal.throwIfAborted();
    return await writeSnapshot(options, snapshot);
  } catch (error) {
    // An interrupted export fails with a consequence of the abort, such as a canceled statement: throw the reason instead.
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", interrupt);
    await snapshot.close();
  }
}

async function writeSnapshot(options: WriteExport, snapshot: Snapshot): Promise<WrittenFile> {
  const { spec } = options;
  const query = reportQuery(spec, escapeLiteral);
  const estimatedRows = await snapshot.preparePlans(query.driverSql);
  const group = createTaskGroup(options.signal, () => void snapshot.close());
  const { signal } = group;

  const copy = snapshot.copy(query.copySql(spec.format));
  const bytes = createByteMeter();
  const meter = createExportMeter(snapshot, copy, bytes);
  options.onMeter(meter);
  const reading = group.run(
    pipeline(copy, framings[spec.format].frame(spec), bytes.stage, { signal }),
  );
  const storing = group.run(
    options.storage.upload({
      key: options.key,
      body: bytes.stage,
      contentType: FORMATS[spec.format].contentType,
      contentDisposition: `attachment; filename="${options.fileName}"`,
      partSizeBytes: partSizeFor(estimatedRows * MAX_ROW_BYTES),
      signal,
      onUploadId: options.onUploadId,
    }),
  );
  const counting = group.run(snapshot.count(query.countSql).then(meter.expect));
  const [stored, recordsExpected] = await group.all([storing, counting, reading]);

  if (copy.rowCount === undefined) throw new Error("COPY ended without its command tag");
  if (stored.bytes !== bytes.count())
    throw new Error(`${bytes.count()} bytes were produced, but ${stored.bytes} are stored`);
  return {
    recordsWritten: copy.rowCount,
    recordsExpected,
    bytesWritten: stored.bytes,
    sha256: bytes.sha256(),
    asOf: snapshot.asOf,
  };
}

/** An upper bound for most rows in the widest format. It only determines the part size of the upload. */
const MAX_ROW_BYTES = 2_048;

type ByteMeter = {
  /** Passes its input through. */
  readonly stage: Transform;
  readonly count: () => number;
  readonly sha256: () => string;
};

function createByteMeter(): ByteMeter {
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
  return { stage, count: () => bytes, sha256: () => hash.digest("hex") };
}

function createExportMeter(
  snapshot: Snapshot,
  copy: CopyStream,
  bytes: ByteMeter,
): ExportMeter & { readonly expect: (records: number) => number } {
  let recordsWritten = 0;
  let recordsExpected: number | undefined;
  return {
    expect: (records) => (recordsExpected = records),
    read: async () => {
      // The server reports no progress once COPY has ended, while the last parts are still being stored.
      recordsWritten = copy.rowCount ?? Math.max(recordsWritten, await snapshot.rowsCopied());
      return { recordsWritten, recordsExpected, bytesWritten: bytes.count(), asOf: snapshot.asOf };
    },
  };
}
