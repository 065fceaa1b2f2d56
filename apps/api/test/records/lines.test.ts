import { MAX_LINE_BYTES } from "@docket/domain";
import fc from "fast-check";
import { createLineSplitter } from "../../src/records/lines.ts";

type NumberedText = readonly [number, string];

function split(chunks: readonly Buffer[]): { lines: NumberedText[]; faults: NumberedText[] } {
  const lines: NumberedText[] = [];
  const faults: NumberedText[] = [];
  const splitter = createLineSplitter({
    line: (text, number) => lines.push([number, text]),
    fault: (number, detail) => faults.push([number, detail]),
  });
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return { lines, faults };
}

/** Cuts at the given places, which may coincide or be in the middle of a character. */
function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const cuts = [
    0,
    ...places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b),
    bytes.length,
  ];
  return cuts.slice(1).map((end, index) => bytes.subarray(cuts[index], end));
}

const lineText = fc
  .string({ unit: "binary" })
  .map((text) => text.replaceAll(/[\n\r\ufeff]/g, "").toWellFormed());

describe("createLineSplitter", () => {
  it("finds the same lines however the bytes are cut into chunks", () => {
    fc.assert(
      fc.property(fc.array(lineText), fc.array(fc.nat(10_000)), (texts, places) => {
        const body = Buffer.from(texts.map((text) => `${text}\n`).join(""));
        const { lines, faults } = split(cutAt(body, places));
        expect(lines).toEqual(texts.map((text, index) => [index + 1, text]));
        expect(faults).toEqual([]);
      }),
    );
  });

  it("finds the same bad lines however the bytes are cut into chunks", () => {
    const line = fc.oneof(
      lineText.map((text) => Buffer.from(text)),
      fc.constant(Buffer.from([0x61, 0xff, 0x62])),
      fc.constant(Buffer.from([0xc3])),
      fc.constant(Buffer.alloc(MAX_LINE_BYTES, "x")),
      fc.constant(Buffer.alloc(MAX_LINE_BYTES + 1, "x")),
      fc.constant(Buffer.from("é".repeat(MAX_LINE_BYTES / 2 + 1))),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), fc.array(fc.nat(300_000)), (parts, places) => {
        const body = Buffer.concat(parts.flatMap((part) => [part, Buffer.from("\n")]));
        expect(split(cutAt(body, places))).toEqual(split([body]));
        const bad = parts.flatMap((part, index) =>
          part.length > MAX_LINE_BYTES || part.includes(0xff) || part.equals(Buffer.from([0xc3]))
            ? [index + 1]
            : [],
        );
        expect(split(cutAt(body, places)).faults.map(([number]) => number)).toEqual(bad);
      }),
      { numRuns: 60 },
    );
  });

  it("accepts CR LF, a byte order mark, and a last line without line feed", () => {
    expect(split([Buffer.from("\ufeffa\r\nb\r\n\r\nc")]).lines).toEqual([
      [1, "a"],
      [2, "b"],
      [3, ""],
      [4, "c"],
    ]);
  });

  it("finds no line in an empty body", () => {
    expect(split([])).toEqual({ lines: [], faults: [] });
  });

  it("accepts a line of 64 KiB, not counting its line ending", () => {
    const line = Buffer.alloc(MAX_LINE_BYTES, "x");
    expect(split([line]).lines).toHaveLength(1);
    expect(split([line, Buffer.from("\r"), Buffer.from("\n")]).lines).toHaveLength(1);
    expect(split([line, Buffer.from("x")]).faults).toEqual([
      [1, expect.stringMatching(/longer than 65536 bytes/)],
    ]);
  });

  it("continues after a line that is too long", () => {
    const chunks = [
      Buffer.alloc(200_000, "x"),
      Buffer.alloc(200_000, "x"),
      Buffer.from("\nb\nc\n"),
    ];
    const { lines, faults } = split(chunks);
    expect(faults.map(([number]) => number)).toEqual([1]);
    expect(lines).toEqual([
      [2, "b"],
      [3, "c"],
    ]);
  });
});
