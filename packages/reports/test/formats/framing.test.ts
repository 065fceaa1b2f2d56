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

/** How a file looks around rows, told without the code under test. */
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

/** Cuts `bytes` at `cuts`, each a place in 0–1; a cut in the middle of a character or of `,\n` is as good as any. */
function cut(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((place) => Math.floor(place * bytes.length)), bytes.length];
  places.sort((a, b) => a - b);
  return places
    .slice(1)
    .map((end, index) => bytes.subarray(places[index], end))
    .filter(({ length }) => length > 0);
}

const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });

describe.each(FORMATS)("the framing of %s", (format) => {
  const { row, file } = files[format];

  it("makes the same file however the rows are cut into chunks", async () => {
    const rows = fc.array(fc.string({ unit: "grapheme", maxLength: 20 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(rows, cuts, async (texts, places) => {
        const lines = texts.map(row);
        const bytes = await framed(format, cut(Buffer.from(lines.join("")), places));
        expect(bytes.toString()).toBe(file(lines));
      }),
    );
  });

  it("makes the same file of single bytes", async () => {
    const lines = ["a", "é", "😀"].map(row);
    const bytes = Array.from(Buffer.from(lines.join("")), (byte) => Buffer.from([byte]));
    expect((await framed(format, bytes)).toString()).toBe(file(lines));
  });

  it("makes a whole file of no rows", async () => {
    expect((await framed(format, [])).toString()).toBe(file([]));
  });

  it("begins the file with its head", () => {
    expect(file([row("x")]).startsWith(framings[format].head(spec(format)))).toBe(true);
  });

  it("passes chunks on without copying them", async () => {
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

it("escapes the attributes of the XML root", () => {
  const head = framings.XML.head({ ...spec("XML"), contextId: `<"&'>` });
  expect(head).toContain('contextId="&lt;&quot;&amp;\'&gt;"');
});
