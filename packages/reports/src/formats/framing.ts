import { Transform } from "node:stream";
import { stringify } from "csv-stringify/sync";
import { create } from "xmlbuilder2";
import { type ExportSpec, type Format } from "@docket/domain";
import { reports } from "../catalogue.ts";

/** Turns COPY's rows into a complete file. */
type Framing = {
  /** A stream stage that adds head and tail to COPY's chunks, which may be split anywhere. It does not copy the chunks. */
  readonly frame: (spec: ExportSpec) => Transform;
};

/** Large enough that this stage never holds up a COPY that its neighbours could keep running. */
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

/** Head, rows, tail. */
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

/** The end of every JSON row but the last. */
const JSON_ROW_END = ",\n";

/** A JSON array of rows that end in {@link JSON_ROW_END}. Holds back the latest chunk to remove the comma of the last row. */
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

/** The framing of each format (docs/api.md §3). */
export const framings = {
  CSV: { frame: (spec) => between(csvHead(spec), "") },
  JSON: { frame: jsonArray },
  XML: { frame: (spec) => between(xmlHead(spec), XML_TAIL) },
} satisfies Record<Format, Framing>;
