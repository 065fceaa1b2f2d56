import type { Readable } from "node:stream";
import {
  createLineFaults,
  csvRecordChecker,
  DocketError,
  jsonRecordChecker,
  notFound,
  type FindSource,
  type RecordKind,
} from "@docket/domain";
import { currentTenant, type Database, type Statements } from "@docket/platform/database";
import { contextSources, ingestRows, type IngestCounts } from "@docket/platform/ingest";
import { bodyBytes } from "./body.ts";
import { csvReader } from "./csv.ts";
import { ndjsonReader } from "./ndjson.ts";
import type { Semaphore } from "../http/semaphore.ts";

const RETRY_SECONDS = 5;

/** A records body and where it goes. */
export type IngestRequest<Result> = {
  readonly database: Pick<Database, "pool">;
  /** A permit is held while the ingest holds a connection. */
  readonly semaphore: Semaphore;
  readonly contextId: string;
  readonly kind: RecordKind;
  /** `application/x-ndjson` or `text/csv`. */
  readonly contentType: string | undefined;
  /** `gzip`, or none. */
  readonly contentEncoding?: string | undefined;
  readonly body: Readable;
  /** Aborts when the caller has gone. */
  readonly signal: AbortSignal;
  /** Commits together with the records. */
  readonly beforeCommit: (tx: Statements, counts: IngestCounts) => Promise<Result>;
};

/**
 * Streams a body of records into a context of this scope's tenant: all of it or nothing.
 *
 * @throws DocketError `unsupported_media_type`, `not_found`, `too_many_ingests`, `invalid_records` with `lines`, `bad_request`
 * when the body breaks off, `payload_too_large` for a gzip bomb.
 */
export async function ingestRecords<Result>(request: IngestRequest<Result>): Promise<Result> {
  const { pool } = request.database;
  const format = formatOf(request.contentType);
  const gzip = isGzip(request.contentEncoding);
  const sources = await contextSources(pool, request.contextId);
  if (sources === undefined) throw notFound("context");
  const permit = request.semaphore.tryAcquire(currentTenant());
  if (permit === undefined) throw tooMany(request.semaphore.permits);
  try {
    return await ingest(
      request,
      format,
      gzip,
      (idOrName) => sources.get(idOrName) ?? sources.get(asUuid(idOrName)),
    );
  } finally {
    permit.release();
  }
}

function ingest<Result>(
  request: IngestRequest<Result>,
  format: BodyFormat,
  gzip: boolean,
  findSource: FindSource,
): Promise<Result> {
  const { database, contextId, kind, body, signal, beforeCommit } = request;
  const faults = createLineFaults();
  const reader =
    format === "csv"
      ? csvReader(kind, csvRecordChecker(kind, findSource), faults)
      : ndjsonReader(jsonRecordChecker(kind, findSource), faults);

  async function* rows(stop: AbortSignal): AsyncGenerator<Buffer> {
    for await (const chunk of bodyBytes(body, gzip, stop)) {
      const read = await reader.push(chunk);
      if (read !== "") yield Buffer.from(read);
      if (reader.isOver()) return;
    }
    const read = await reader.end();
    if (read !== "") yield Buffer.from(read);
  }
  return ingestRows(database.pool, {
    contextId,
    kind,
    linesShareRecords: format === "csv",
    rows,
    faults,
    signal,
    beforeCommit,
  });
}

/** UUIDs are written in either case; names are taken as they are. */
const asUuid = (text: string): string => (text.length === UUID_LENGTH ? text.toLowerCase() : text);

const UUID_LENGTH = 36;

const tooMany = (permits: number): DocketError =>
  new DocketError(
    "too_many_ingests",
    `At most ${permits} loads of records run at once; try again in a moment.`,
    {
      retryAfterSeconds: RETRY_SECONDS,
    },
  );

type BodyFormat = "ndjson" | "csv";

const FORMATS: Readonly<Record<string, BodyFormat>> = {
  "application/x-ndjson": "ndjson",
  "application/ndjson": "ndjson",
  "text/csv": "csv",
};

function formatOf(contentType = ""): BodyFormat {
  const [type = "", ...parameters] = contentType
    .split(";")
    .map((part) => part.trim().toLowerCase());
  const format = Object.hasOwn(FORMATS, type) ? FORMATS[type] : undefined;
  if (format === undefined) {
    throw new DocketError(
      "unsupported_media_type",
      "Send records as application/x-ndjson or text/csv.",
    );
  }
  const charset = parameters
    .find((parameter) => parameter.startsWith("charset="))
    ?.slice("charset=".length)
    .replaceAll('"', "");
  if (
    charset !== undefined &&
    charset !== "utf-8" &&
    charset !== "utf8" &&
    charset !== "us-ascii"
  ) {
    throw new DocketError("unsupported_media_type", "Send records in UTF-8.");
  }
  return format;
}

function isGzip(contentEncoding = "identity"): boolean {
  const encoding = contentEncoding.trim().toLowerCase();
  if (encoding === "gzip" || encoding === "x-gzip") return true;
  if (encoding === "identity" || encoding === "") return false;
  throw new DocketError(
    "unsupported_media_type",
    "Send records unpacked or with Content-Encoding: gzip.",
  );
}
