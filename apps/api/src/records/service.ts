import type { Readable } from "node:stream";
import {
  createLineFaults,
  csvRecordChecker,
  jsonRecordChecker,
  notFound,
  type FindSource,
  type LineFaults,
  type RecordKind,
} from "@docket/domain";
import { currentTenant, type Database, type Statements } from "@docket/platform/database";
import {
  contextSources,
  ingestRows,
  type IngestCounts,
  type StagingRow,
} from "@docket/platform/ingest";
import { BULK_BYTES } from "../http/bulk-pacing.ts";
import { withPermit, type Semaphore } from "../http/semaphore.ts";
import { bodyBytes } from "./body.ts";
import { csvReader } from "./csv.ts";
import { isGzip, recordFormat, type RecordFormat } from "./media-type.ts";
import { ndjsonReader } from "./ndjson.ts";
import type { RecordReader } from "./reader.ts";

/** The most by which gzip is assumed to shrink records. */
const GZIP_RATIO = 100;

/** A small body may have a permit that is reserved for small work (docs/api.md §5). */
const isSmall = (contentLength: number | undefined, isCompressed: boolean): boolean =>
  contentLength !== undefined && contentLength * (isCompressed ? GZIP_RATIO : 1) < BULK_BYTES;

export type IngestRequest<Result> = {
  readonly database: Pick<Database, "pool">;
  /** An ingest holds a permit while it holds a connection. */
  readonly semaphore: Semaphore;
  /** Passes the chunks of the body on, at a pace that lets other requests through. */
  readonly pace: (chunks: AsyncIterable<Buffer>) => AsyncIterable<Buffer>;
  readonly contextId: string;
  readonly kind: RecordKind;
  /** `application/x-ndjson` or `text/csv`. */
  readonly contentType: string | undefined;
  /** Bytes. Undefined for a chunked body. */
  readonly contentLength: number | undefined;
  /** `gzip` or none. */
  readonly contentEncoding?: string | undefined;
  readonly body: Readable;
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
  /** Runs in the transaction of the records. */
  readonly beforeCommit: (tx: Statements, counts: IngestCounts) => Promise<Result>;
};

/**
 * Streams a body of records into a context of the current tenant: all or nothing.
 *
 * @throws DocketError `unsupported_media_type`; `not_found`; `too_many_ingests`; `invalid_records` with `lines`; `bad_request`
 * if the body ends early; `payload_too_large` for a gzip bomb.
 */
export async function ingestRecords<Result>(request: IngestRequest<Result>): Promise<Result> {
  const format = recordFormat(request.contentType);
  const gzip = isGzip(request.contentEncoding);
  const size = isSmall(request.contentLength, gzip) ? "small" : "large";
  return withPermit(request.semaphore, currentTenant(), () => ingest(request, format, gzip), {
    signal: request.signal,
    size,
  });
}

async function ingest<Result>(
  { database, pace, contextId, kind, body, signal, beforeCommit }: IngestRequest<Result>,
  format: RecordFormat,
  gzip: boolean,
): Promise<Result> {
  // With a permit, because the names of a context's sources may take a few MiB.
  const sources = await contextSources(database.pool, contextId);
  if (sources === undefined) throw notFound("context");
  const findSource: FindSource = (idOrName) =>
    sources.get(idOrName) ?? sources.get(normalizedId(idOrName));
  const faults = createLineFaults();
  const reader = createReader(format, kind, findSource, faults);
  return ingestRows(database.pool, {
    contextId,
    kind,
    linesShareRecords: format === "csv",
    rows: (stop) => readRows(pace(bodyBytes(body, gzip, stop)), reader),
    faults,
    signal,
    beforeCommit,
  });
}

const createReader = (
  format: RecordFormat,
  kind: RecordKind,
  findSource: FindSource,
  faults: LineFaults,
): RecordReader =>
  format === "csv"
    ? csvReader(kind, csvRecordChecker(kind, findSource), faults)
    : ndjsonReader(jsonRecordChecker(kind, findSource), faults);

async function* readRows(
  bytes: AsyncIterable<Buffer>,
  reader: RecordReader,
): AsyncGenerator<readonly StagingRow[]> {
  for await (const chunk of bytes) {
    const rows = await reader.push(chunk);
    if (rows.length > 0) yield rows;
    if (reader.isDone()) return;
  }
  const rows = await reader.end();
  if (rows.length > 0) yield rows;
}

/** IDs are matched in either case, names exactly. */
const normalizedId = (text: string): string =>
  text.length === UUID_LENGTH ? text.toLowerCase() : text;

const UUID_LENGTH = 36;
