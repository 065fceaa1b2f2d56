import { createLineFaults, csvRecordChecker, MAX_LINE_BYTES } from "@docket/domain";
import fc from "fast-check";
import { csvReader } from "../../src/records/csv.ts";

type Outcome = { readonly rows: string[][]; readonly faults: [number, string, string][] };

/** What a CSV of transactions comes to: the rows for COPY, by cell, and the faults. */
async function read(...chunks: (Buffer | string)[]): Promise<Outcome> {
  const faults = createLineFaults();
  const check = csvRecordChecker("transactions", (name) => (name === "Bank" ? "b" : undefined));
  const reader = csvReader("transactions", check, faults);
  let rows = "";
  for (const chunk of chunks) rows += await reader.push(Buffer.from(chunk));
  rows += await reader.end();
  const told: [number, string, string][] = [];
  try {
    faults.throwIfAny();
  } catch (error) {
    const { lines } = error as { lines: { line: number; field: string; detail: string }[] };
    told.push(...lines.map(({ line, field, detail }) => [line, field, detail] as never));
  }
  return {
    rows: rows
      .split("\n")
      .slice(0, -1)
      .map((row) => row.split("\t")),
    faults: told,
  };
}

/** Line, external id and description of each row. */
const seen = ({ rows }: Outcome): unknown[] => rows.map((cells) => [cells[0], cells[2], cells[6]]);

const HEADER = "source,externalId,description\n";

describe("a CSV of records", () => {
  it("may mix line ends, also inside of quotes, and still counts its lines", async () => {
    const csv = [
      "\ufeffsource,externalId,description\r\n",
      "Bank,A,x\n",
      "\r\n",
      "\n",
      'Bank,B,"p\r\nq"\r\n',
      'Bank,C,"p\nq\rr"\n',
      "Bank,D,\r\n",
      "Till,E,\n",
      "Bank,F,y",
    ].join("");
    const whole = await read(csv);
    expect(seen(whole)).toEqual([
      ["2", "A", "x"],
      ["5", "B", "p\\r\\nq"],
      ["7", "C", "p\\nq\\rr"],
      ["9", "D", "\\N"],
      ["11", "F", "y"],
    ]);
    expect(whole.faults).toEqual([[10, "source", expect.stringContaining('"Till"')]]);
    const bytes = Array.from(Buffer.from(csv), (byte) => Buffer.from([byte]));
    expect(await read(...bytes)).toEqual(whole);
  });

  it("is told that lone carriage returns end no line", async () => {
    const { faults } = await read("source,externalId\rBank,A\rBank,B\r");
    expect(faults).toEqual([[1, "", expect.stringContaining("LF or CR LF")]]);
  });

  it("keeps what no line ends at", async () => {
    expect(seen(await read(HEADER, "Bank,A,a\u2028b\u0085c\vd\n"))).toEqual([
      ["2", "A", "a\u2028b\u0085c\vd"],
    ]);
  });

  it.each([
    ["a line", (bytes: number) => `Bank,A,${"x".repeat(bytes - 7)}`],
    ["commas", (bytes: number) => ",".repeat(bytes)],
    ["doubled quotes", (bytes: number) => `Bank,A,"${'""'.repeat((bytes - 9) / 2)}"`],
    ["lines in quotes", (bytes: number) => `Bank,A,"${"x\n".repeat((bytes - 9) / 2)}"`],
  ])("takes %s of 64 KiB and not a byte more", async (_, record) => {
    // Odd, as all four of them can be.
    const [most, more] = [MAX_LINE_BYTES - 1, MAX_LINE_BYTES + 1];
    for (const end of ["", "\n", "\r\n"]) {
      const fits = await read(HEADER, `${record(most)}${end}`);
      expect(fits.faults).not.toContainEqual([2, "", expect.stringContaining("longer than")]);
      const tooLong = await read(HEADER, "Till,0,\nBank,1,\n", `${record(more)}${end}`);
      expect(tooLong.faults).toEqual([
        [2, "source", expect.any(String)],
        [4, "", expect.stringContaining("longer than 65536 bytes")],
      ]);
    }
  });

  it("holds one record in memory at most, however many cells it has", async () => {
    const commas = Buffer.alloc(1_048_576, ",");
    const before = process.memoryUsage().heapUsed;
    const { faults } = await read(HEADER, ...Array.from({ length: 200 }, () => commas));
    expect(faults).toEqual([[2, "", expect.stringContaining("longer than")]]);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(50_000_000);
  });

  it("is told of bytes that are no UTF-8, and of what is wrong before them", async () => {
    const bad = fc.constantFrom([0xff], [0xc3], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xf0, 0x9f]);
    const csv = fc.tuple(fc.array(fc.constantFrom("Bank", "Till"), { maxLength: 5 }), bad);
    await fc.assert(
      fc.asyncProperty(csv, fc.array(fc.nat(200)), async ([sources, bytes], places) => {
        const good = sources.map((source, index) => `${source},${index},"é\n€"\n`).join("");
        const body = Buffer.concat([Buffer.from(`${HEADER}${good}Bank,X,`), Buffer.from(bytes)]);
        const cuts = [0, ...places.map((at) => at % body.length), body.length].toSorted(
          (a, b) => a - b,
        );
        const chunks = cuts.slice(1).map((end, index) => body.subarray(cuts[index], end));
        const { faults } = await read(...chunks.filter(({ length }) => length > 0));
        // The parser holds the end of what it was given back, to see what comes.
        const told = sources
          .slice(0, -1)
          .flatMap((source, at) => (source === "Till" ? [2 + 2 * at] : []));
        const lines = faults.map(([line]) => line).filter((line) => line !== 2 * sources.length);
        expect(lines).toEqual([...told, 2 + 2 * sources.length]);
        expect(faults.at(-1)?.[2]).toContain("not valid UTF-8");
      }),
    );
  });
});
