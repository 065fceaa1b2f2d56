import { fileInfo, type ExportSpec } from "@docket/domain";
import type { Logger } from "@docket/platform";
import {
  escapeLiteral,
  openSnapshot,
  unfinishedMigrations,
  type Database,
  type Snapshot,
} from "@docket/platform/database";
import type { ExportProgress } from "@docket/platform/rows";
import {
  partSizeFor,
  type BufferPool,
  type PartStream,
  type Storage,
} from "@docket/platform/storage";
import {
  createFileWriter,
  fileFormats,
  packingOf,
  reportMigrations,
  reportQuery,
  type ReportQuery,
} from "@docket/reports";
import { createFileParts } from "./file-parts.ts";
import { createTaskGroup } from "./task-group.ts";

/** A complete file in the store. */
export type WrittenFile = {
  readonly recordsWritten: number;
  readonly recordsExpected: number;
  readonly bytesWritten: number;
  /** Hex digest of the stored bytes, computed as they stream. */
  readonly sha256: string;
  /** Hex digest of the file before compression; undefined if it is not compressed. */
  readonly contentSha256: string | undefined;
  readonly asOf: Date;
};

/** Reads the progress of a running export. */
export type ExportMeter = { readonly read: () => ExportProgress };

export type WriteExport = {
  readonly spec: ExportSpec;
  readonly key: string;
  readonly fileName: string;
  readonly pool: Database["pool"];
  readonly storage: Storage;
  readonly bufferPool: BufferPool;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Called once, when the COPY starts. */
  readonly onMeter: (meter: ExportMeter) => void;
  /** Called once, when the meter knows how many rows to expect. */
  readonly onCounted: () => void;
  readonly onUploadId: (uploadId: string) => void;
};

/**
 * Writes a report of the current tenant to an object, in constant memory: one snapshot, a binary COPY, the rows rendered into
 * the buffers of a multipart upload. Back-pressure from the store reaches the COPY.
 *
 * Resolves only if COPY's command tag has arrived, its rows are as many as the counters say or as a count of the rows finds (a
 * grouped report is not counted apart), and the bytes stored equal the bytes produced (docs/api.md §2, "Completeness").
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
    const file = await writeSnapshot(options, snapshot);
    await snapshot.release();
    return file;
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
  const { query, estimatedRows } = await prepareQuery(options.spec, snapshot);
  const group = createTaskGroup(options.signal, () => void snapshot.close());
  const file = await startFile(options, snapshot, query, estimatedRows);
  let recordsExpected: number | undefined;
  // No task may wait for bytes that a failed task does not produce or take.
  const fail = (): void => file.fail(group.signal.reason);
  group.signal.addEventListener("abort", fail, { once: true });
  // It may have been aborted while the file was started.
  if (group.signal.aborted) fail();
  options.onMeter({
    read: () => ({
      recordsWritten: file.rows(),
      recordsExpected,
      bytesWritten: file.bytes(),
      asOf: snapshot.asOf,
    }),
  });

  const copying = group.run(file.copied);
  const storing = group.run(
    options.storage.upload({
      key: options.key,
      body: file.parts,
      contentType: fileInfo(options.spec).contentType,
      contentDisposition: `attachment; filename="${options.fileName}"`,
      signal: group.signal,
      onUploadId: options.onUploadId,
    }),
  );
  const count = query.isGrouped ? file.copied : snapshot.count(query.countSql);
  const counting = group.run(
    count.then((rows) => {
      recordsExpected = rows;
      options.onCounted();
      return rows;
    }),
  );
  const packing = group.run(file.packed);
  const [stored, counted, copied] = await group.all([storing, counting, copying, packing]);
  const expected = counted === copied ? counted : await recount(options, snapshot, query, counted);
  requireComplete(file, { stored: stored.bytes, expected, copied });
  return {
    recordsWritten: copied,
    recordsExpected: expected,
    bytesWritten: stored.bytes,
    sha256: file.sha256(),
    contentSha256: file.contentSha256(),
    asOf: snapshot.asOf,
  };
}

/** Counts the rows themselves, because wrong counters must not fail an export. */
async function recount(
  { spec, logger }: WriteExport,
  snapshot: Snapshot,
  { recountSql }: ReportQuery,
  counted: number,
): Promise<number> {
  const rows = await snapshot.count(recountSql);
  if (rows !== counted) {
    const { contextId, reportType } = spec;
    logger.warn(
      { contextId, reportType, counted, rows },
      "counters are wrong: recount the context",
    );
  }
  return rows;
}

function requireComplete(
  file: RunningFile,
  { stored, expected, copied }: Readonly<Record<"stored" | "expected" | "copied", number>>,
): void {
  requireEqual("rows copied", copied, "rows in the file", file.rows());
  // On one snapshot, the two can only differ by a fault of a report's queries or of the database. A grouped report has one count.
  requireEqual("rows copied", copied, "rows counted", expected);
  requireEqual("bytes produced", file.bytes(), "bytes stored", stored);
}

function requireEqual(one: string, count: number, other: string, otherCount: number): void {
  if (count !== otherCount) throw new Error(`${one}: ${count}, but ${other}: ${otherCount}`);
}

/** Chooses the queries of a report, and sets up the snapshot's planner for them. */
async function prepareQuery(
  spec: ExportSpec,
  snapshot: Snapshot,
): Promise<{ readonly query: ReportQuery; readonly estimatedRows: number }> {
  // In the snapshot, so that it shows all rows of a finished migration.
  const unfinished = await unfinishedMigrations(snapshot.query, reportMigrations(spec.reportType));
  const query = reportQuery(spec, escapeLiteral, { unfinished });
  const estimatedRows = await snapshot.preparePlans(query.driverSql);
  if (query.plannerSql !== undefined) await snapshot.query(query.plannerSql);
  return { query, estimatedRows };
}

/** An upper bound for most rows in the widest format. It only determines the part size of the upload. */
const MAX_ROW_BYTES = 2_048;

type RunningFile = {
  /** The file in parts. */
  readonly parts: PartStream;
  /** Resolves with the row count of the command tag when the last row has been written. */
  readonly copied: Promise<number>;
  /** Resolves when the last byte is in the parts. */
  readonly packed: Promise<void>;
  /** Ends the parts with an error. */
  readonly fail: (error: unknown) => void;
  readonly rows: () => number;
  readonly bytes: () => number;
  readonly sha256: () => string;
  readonly contentSha256: () => string | undefined;
};

/** Starts the COPY and renders its rows into the parts, as fast as the parts are taken. */
async function startFile(
  { spec, bufferPool }: WriteExport,
  snapshot: Snapshot,
  query: ReportQuery,
  estimatedRows: number,
): Promise<RunningFile> {
  const partBytes = partSizeFor(estimatedRows * MAX_ROW_BYTES);
  const sources = await snapshot.query<{ id: string; name: string }>(query.sourceNamesSql);
  const flow = { onFull: () => copy.pause(), onDrain: () => copy.resume() };
  const file = createFileParts({ partBytes, pool: bufferPool, ...flow }, packingOf(spec));
  const writer = createFileWriter(file.sink, {
    ...query,
    spec,
    format: fileFormats[spec.format],
    sourceNames: new Map(sources.map(({ id, name }) => [id, name])),
    onEntry: file.startEntry,
  });
  const copy = snapshot.copy(query.copySql, writer.write);
  const copied = copy.rows.then((rows) => {
    writer.end();
    file.end();
    return rows;
  });
  return {
    ...file,
    packed: file.done,
    copied,
    rows: writer.rows,
    bytes: () => file.parts.written,
  };
}
