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
import { createSlots, type Slots } from "../http/slots.ts";

/** An ingest holds a database connection while it lasts. A tenant whose callers are slow leaves one for the others. */
const MAX_INGESTS = 4;
const MAX_OF_A_TENANT = 3;
const RETRY_SECONDS = 5;

/** Places for ingests, by the pool whose connections they hold. */
const places = new WeakMap<Database["pool"], Slots>();

function placesOf(pool: Database["pool"]): Slots {
  const slots = places.get(pool) ?? createSlots(MAX_INGESTS, MAX_OF_A_TENANT);
  places.set(pool, slots);
  return slots;
}

/** A records body and where it goes. */
export type IngestRequest = {
  readonly database: Pick<Database, "pool">;
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
  readonly beforeCommit?: (counts: IngestCounts, within: Statements) => Promise<unknown>;
};

/**
 * Streams a body of records into a context of this scope's tenant: all of it or nothing.
 *
 * @throws DocketError `unsupported_media_type`, `not_found`, `too_many_ingests`, `invalid_records` with `lines`, `bad_request`
 * when the body breaks off, `payload_too_large` for a gzip bomb.
 */
export async function ingestRecords(request: IngestRequest): Promise<IngestCounts> {
  const { pool } = request.database;
  const format = formatOf(request.contentType);
  const gzip = isGzip(request.contentEncoding);
  const sources = await contextSources(pool, request.contextId);
  if (sources === undefined) throw notFound("context");
  const release = placesOf(pool).tryTake(currentTenant());
  if (release === undefined) throw tooMany();
  try {
    return await ingest(
      request,
      format,
      gzip,
      (idOrName) => sources.get(idOrName) ?? sources.get(asUuid(idOrName)),
    );
  } finally {
    release();
  }
}

function ingest(
  request: IngestRequest,
  format: BodyFormat,
  gzip: boolean,
  findSource: FindSource,
): Promise<IngestCounts> {
  const { database, contextId, kind, body, signal } = request;
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
    ...(request.beforeCommit !== undefined && { beforeCommit: request.beforeCommit }),
  });
}

/** UUIDs are written in either case; names are taken as they are. */
const asUuid = (text: string): string => (text.length === UUID_LENGTH ? text.toLowerCase() : text);

const UUID_LENGTH = 36;

const tooMany = (): DocketError =>
  new DocketError(
    "too_many_ingests",
    `At most ${MAX_INGESTS} loads of records run at once; try again in a moment.`,
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
