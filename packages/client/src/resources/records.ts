import type {
  ExceptionRecord,
  FeeVarianceRecord,
  IngestResult,
  MatchGroupRecord,
  TransactionRecord,
} from "../generated/api-types.ts";
import { DocketError } from "../error.ts";
import type { WriteOptions } from "../transport/options.ts";
import type { Transport } from "../transport/transport.ts";
import { createUpload, type UploadSource } from "../transport/upload.ts";

/** The record of each kind (docs/api.md §5). */
export type Records = {
  readonly transactions: TransactionRecord;
  readonly "match-groups": MatchGroupRecord;
  readonly "fee-variances": FeeVarianceRecord;
  readonly exceptions: ExceptionRecord;
};

export type RecordKind = keyof Records;

/** Records in memory, or streamed. An array, and a function, can be read again, so that a broken ingest is repeated. */
export type RecordSource<T> =
  | Iterable<T>
  | AsyncIterable<T>
  | (() => Iterable<T> | AsyncIterable<T>);

export type PushOptions = WriteOptions & {
  /** Called while the records are sent. */
  readonly onProgress?: (sentBytes: number) => void;
};

export type PushFileOptions = PushOptions & {
  /** `text/csv` or `application/x-ndjson`. */
  readonly contentType: string;
  /** True when the file is compressed. */
  readonly gzip?: boolean;
};

/** Ingests (docs/api.md §5). */
export const recordCalls = (transport: Transport) => ({
  /**
   * Ingests records as a stream of NDJSON: all of them, or none.
   *
   * @throws DocketError `invalid_records`, whose `errors` name lines and fields
   * @example
   * const { inserted } = await docket.records.push(contextId, "transactions", readTransactions());
   */
  push: async <K extends RecordKind>(
    contextId: string,
    kind: K,
    records: RecordSource<Records[K]>,
    options: PushOptions = {},
  ): Promise<IngestResult> => {
    // Of the last attempt: the stream of one that broke off may still be read from during the next one.
    let counter = { records: 0 };
    const isRepeatable = typeof records === "function" || Array.isArray(records);
    const encode = () => {
      counter = { records: 0 };
      return encodeLines(typeof records === "function" ? records() : records, counter);
    };
    const file = { ...options, contentType: "application/x-ndjson" };
    const source = isRepeatable ? encode : encode();
    const result = await sendRecords(transport, contextId, kind, source, file);
    if (result.received === counter.records) return result;
    const detail = `${counter.records} records were sent, ${result.received} were received`;
    throw new DocketError(`records of ${contextId}`, { code: "upload_corrupt", detail });
  },
  /**
   * Ingests a CSV or NDJSON file as it is.
   *
   * @throws DocketError `invalid_records`, whose `errors` name lines and fields
   * @example
   * const file = () => createReadStream("bank.csv.gz");
   * await docket.records.pushFile(contextId, "transactions", file, { contentType: "text/csv", gzip: true });
   */
  pushFile: (
    contextId: string,
    kind: RecordKind,
    file: UploadSource,
    options: PushFileOptions,
  ): Promise<IngestResult> => sendRecords(transport, contextId, kind, file, options),
});

async function sendRecords(
  transport: Transport,
  contextId: string,
  kind: RecordKind,
  source: UploadSource,
  { contentType, gzip, onProgress, ...options }: PushFileOptions,
): Promise<IngestResult> {
  const path = `/v1/contexts/${encodeURIComponent(contextId)}/records/${encodeURIComponent(kind)}`;
  const upload = await createUpload(source, onProgress);
  const headers = {
    "content-type": contentType,
    ...(gzip === true && { "content-encoding": "gzip" }),
  };
  return transport.json<IngestResult>({ method: "POST", path, upload, headers, options });
}

const CHUNK_CHARACTERS = 65_536;

async function* encodeLines(
  records: Iterable<unknown> | AsyncIterable<unknown>,
  counter: { records: number },
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = "";
  for await (const record of records) {
    text += `${JSON.stringify(record)}\n`;
    counter.records += 1;
    if (text.length < CHUNK_CHARACTERS) continue;
    yield encoder.encode(text);
    text = "";
  }
  if (text !== "") yield encoder.encode(text);
}
