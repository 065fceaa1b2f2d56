import { exportPercent, PROGRESS_TYPE, compact } from "@docket/domain";
import type { EventRow, RunningExport } from "@docket/platform/rows";
import { eventJson, showsData } from "../view.ts";

/** Who reads, and what. */
export type Audience = {
  readonly permissions: ReadonlySet<string>;
  /** Undefined: all. */
  readonly types: ReadonlySet<string> | undefined;
};

/** A message of a stream, encoded once for all readers. */
export type Message = {
  /** Undefined if the message is not stored: it has no number. */
  readonly seq: number | undefined;
  /** The bytes for a reader; undefined if the message is not for it. */
  readonly bytesFor: (reader: Audience) => Buffer | undefined;
};

const isWanted = ({ types }: Audience, type: string): boolean =>
  types === undefined || types.has(type);

const encode = (fields: string, json: string): Buffer => Buffer.from(`${fields}data: ${json}\n\n`);

/** An event, as in the feed. */
export function eventMessage(row: EventRow): Message {
  const { seq, type } = row;
  const encoded = new Map<boolean, Buffer>();
  return {
    seq,
    bytesFor: (reader) => {
      if (!isWanted(reader, type)) return undefined;
      const hasData = showsData(type, reader.permissions);
      const bytes =
        encoded.get(hasData) ?? encode(`id: ${seq}\nevent: ${type}\n`, eventJson(row, hasData));
      encoded.set(hasData, bytes);
      return bytes;
    },
  };
}

/** The progress of a running export. */
export function progressMessage(job: RunningExport): Message {
  const { id, recordsWritten, recordsExpected, bytesWritten } = job;
  const percent = exportPercent({ status: "RUNNING", recordsWritten, recordsExpected });
  const data = compact({ id, recordsWritten, recordsExpected, bytesWritten, percent });
  const bytes = encode(`event: ${PROGRESS_TYPE}\n`, JSON.stringify(data));
  return {
    seq: undefined,
    bytesFor: (reader) =>
      isWanted(reader, PROGRESS_TYPE) && showsData(PROGRESS_TYPE, reader.permissions)
        ? bytes
        : undefined,
  };
}

/** A comment, which keeps proxies from closing the connection. */
const HEARTBEAT_BYTES = Buffer.from(":\n\n");

export const heartbeat: Message = { seq: undefined, bytesFor: () => HEARTBEAT_BYTES };
