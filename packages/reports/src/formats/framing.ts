import { Transform } from "node:stream";
import { stringify } from "csv-stringify/sync";
import { create } from "xmlbuilder2";
import { type ExportSpec, type Format } from "@docket/domain";
import { reports } from "../catalogue.ts";

/** How COPY's rows become a whole file. */
export type Framing = {
  /** The bytes before the first row, or the whole file when there is none and `tail` is added. */
  readonly head: (spec: ExportSpec) => string;
  /**
   * A stream stage: COPY's raw chunks, cut anywhere, become the whole file. Chunks pass through uncopied and unread:
   * rendering rows is Postgres' work.
   */
  readonly frame: (spec: ExportSpec) => Transform;
};

/** Large, so that the stage never makes a COPY wait that the stages around it would let run. */
const BUFFER_BYTES = 1_048_576;

type Push = (chunk: Buffer | string) => void;

type Stage = {
  readonly chunk: (chunk: Buffer, push: Push) => void;
  readonly end: (push: Push) => void;
};

function transform({ chunk, end }: Stage): Transform {
  const stage: Transform = new Transform({
    readableHighWaterMark: BUFFER_BYTES,
    writableHighWaterMark: BUFFER_BYTES,
    transform: (bytes: Buffer, _encoding, done) => {
      chunk(bytes, push);
      done();
    },
    flush: (done) => {
      end(push);
      done();
    },
  });
  const push: Push = (bytes) => void stage.push(bytes);
  return stage;
}

/** Head, rows as they come, tail. */
function between(head: string, tail: string): Transform {
  let begun = false;
  const begin = (push: Push): void => {
    if (!begun) push(head);
    begun = true;
  };
  return transform({
    chunk: (bytes, push) => {
      begin(push);
      push(bytes);
    },
    end: (push) => {
      begin(push);
      if (tail !== "") push(tail);
    },
  });
}

const csvHead = (spec: ExportSpec): string =>
  stringify([reports[spec.reportType].columns.map(({ name }) => name)], { record_delimiter: "\n" });

/** What ends each row of JSON; after the last one the array's end stands instead. */
const JSON_ROW_END = ",\n";

/** `[`, rows that end in `,` and LF, `]`. The latest chunk is held back, so that the last row's comma can be taken off. */
function jsonArray(): Transform {
  let held: Buffer | undefined;
  return transform({
    chunk: (bytes, push) => {
      if (held === undefined) {
        push("[\n");
        held = bytes;
      } else if (bytes.length < JSON_ROW_END.length) {
        held = Buffer.concat([held, bytes]);
      } else {
        push(held);
        held = bytes;
      }
    },
    end: (push) => {
      if (held === undefined) return push("[]");
      push(held.subarray(0, held.length - JSON_ROW_END.length));
      return push("\n]\n");
    },
  });
}

const XML_TAIL = "</export>\n";

function xmlHead({ reportType, contextId, dateFrom, dateTo }: ExportSpec): string {
  const whole = create({ version: "1.0", encoding: "UTF-8" })
    .ele("export", { reportType, contextId, dateFrom, dateTo })
    .end({ prettyPrint: true, allowEmptyTags: true });
  return `${whole.slice(0, whole.lastIndexOf("</export>"))}\n`;
}

/** The file around the rows, by format (contract §3). */
export const framings = {
  CSV: { head: csvHead, frame: (spec) => between(csvHead(spec), "") },
  JSON: { head: () => "[", frame: jsonArray },
  XML: { head: xmlHead, frame: (spec) => between(xmlHead(spec), XML_TAIL) },
} satisfies Record<Format, Framing>;
