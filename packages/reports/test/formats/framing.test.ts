import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import fc from "fast-check";
import type { ExportSpec, Format } from "@docket/domain";
import { framings } from "../../src/formats/framing.ts";

const spec = (format: Format): ExportSpec => ({
  reportType: "VARIANCE",
  format,
  contextId: "0192f0c1-1111-7000-8000-000000000001",
  dateFrom: "2026-01-01",
  dateTo: "2026-01-31",
});

const CSV_HEAD =
  "source_id,currency,fee_schedule_id,fee_schedule_name,total_expected,total_actual,net_variance,variance_pct,item_count,source_name\n";
const XML_HEAD =
  '<?xml version="1.0" encoding="UTF-8"?>\n<export reportType="VARIANCE" contextId="0192f0c1-1111-7000-8000-000000000001" dateFrom="2026-01-01" dateTo="2026-01-31">\n';

/** The expected row and file of each format, independent of the code under test. */
const files: Record<Format, { row: (text: string) => string; file: (rows: string[]) => string }> = {
  CSV: { row: (text) => `"${text}",1\n`, file: (rows) => CSV_HEAD + rows.join("") },
  JSON: {
    row: (text) => `${JSON.stringify({ text })},\n`,
    file: (rows) => (rows.length === 0 ? "[]" : `[\n${rows.join("").slice(0, -2)}\n]\n`),
  },
  XML: {
    row: (text) => `<row>${text}</row>\n`,
    file: (rows) => `${XML_HEAD}${rows.join("")}</export>\n`,
  },
};

const FORMATS = Object.keys(files) as Format[];

async function framed(format: Format, chunks: Iterable<Buffer>): Promise<Buffer> {
  return buffer(Readable.from(chunks).pipe(framings[format].frame(spec(format))));
}

/** Splits `bytes` at `cuts`, given as fractions from 0 to 1. A cut may split a character or `,\n`. */
function split(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const offsets = [0, ...cuts.map((cut) => Math.floor(cut * bytes.length)), bytes.length];
  offsets.sort((a, b) => a - b);
  return offsets
    .slice(1)
    .map((end, index) => bytes.subarray(offsets[index], end))
    .filter(({ length }) => length > 0);
}

const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });

describe.each(FORMATS)("the framing of %s", (format) => {
  const { row, file } = files[format];

  it("makes the same file however the rows are split into chunks", async () => {
    const rows = fc.array(fc.string({ unit: "grapheme", maxLength: 20 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(rows, cuts, async (texts, fractions) => {
        const lines = texts.map(row);
        const bytes = await framed(format, split(Buffer.from(lines.join("")), fractions));
        expect(bytes.toString()).toBe(file(lines));
      }),
    );
  });

  it("makes the same file from single bytes", async () => {
    const lines = ["a", "é", "😀"].map(row);
    const bytes = Array.from(Buffer.from(lines.join("")), (byte) => Buffer.from([byte]));
    expect((await framed(format, bytes)).toString()).toBe(file(lines));
  });

  it("makes a complete file without rows", async () => {
    expect((await framed(format, [])).toString()).toBe(file([]));
  });

  it("passes chunks through without copying them", async () => {
    const chunks = ["a", "b", "c"].map((text) => Buffer.from(row(text)));
    const stage = framings[format].frame(spec(format));
    let passed = 0;
    stage.on("data", (bytes: Buffer) => {
      const same = (chunk: Buffer): boolean =>
        chunk.buffer === bytes.buffer && chunk.byteOffset === bytes.byteOffset;
      if (chunks.some(same)) passed += 1;
    });
    await pipeline(Readable.from(chunks), stage);
    expect(passed).toBe(3);
  });
});

it("escapes the attributes of the XML root", async () => {
  const stage = framings.XML.frame({ ...spec("XML"), contextId: `<"&'>` });
  expect((await buffer(Readable.from([]).pipe(stage))).toString()).toContain(
    'contextId="&lt;&quot;&amp;\'&gt;"',
  );
});
