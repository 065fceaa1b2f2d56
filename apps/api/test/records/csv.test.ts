import { csvRecordChecker, MAX_LINE_BYTES, type CheckRecord } from "@docket/domain";
import fc from "fast-check";
import { csvReader } from "../../src/records/csv.ts";
import { readRecords, type ReadResult } from "../support/read-records.ts";

const read = (...chunks: (Buffer | string)[]): Promise<ReadResult> =>
  readRecords((faults) => {
    const check = csvRecordChecker("transactions", (name) => (name === "Bank" ? "b" : undefined));
    return csvReader("transactions", check, faults);
  }, chunks);

/** Line, external ID and description of each row. */
const summary = ({ rows }: ReadResult): unknown[] =>
  rows.map(({ line, cells }) => [line, cells["external_id"], cells["description"]]);

/** Cuts at the given places, which may be in the middle of a character. */
function cutAt(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const sorted = places.map((place) => place % bytes.length).toSorted((a, b) => a - b);
  const cuts = [0, ...sorted, bytes.length];
  return cuts
    .slice(1)
    .map((end, index) => bytes.subarray(cuts[index], end))
    .filter(({ length }) => length > 0);
}

const HEADER = "source,externalId,description\n";

const tooLong = { line: 2, field: "", detail: expect.stringContaining("longer than 65536 bytes") };

describe("csvReader", () => {
  it("stops in the middle of a chunk once the list of faults is full", async () => {
    let checked = 0;
    const refuse: CheckRecord = (_record, _row, fault) => {
      checked += 1;
      fault("description", "is refused");
    };
    const lines = "Bank,A,x\n".repeat(1_000);
    const { faults } = await readRecords(
      (collected) => csvReader("transactions", refuse, collected),
      [HEADER + lines, lines],
    );
    expect(faults).toHaveLength(100);
    expect(checked).toBe(100);
  });

  it("lists the faults of earlier lines before that of an unreadable line in the same chunk", async () => {
    const faulty = "Till,A,x\n".repeat(150);
    const { faults } = await read(
      Buffer.concat([Buffer.from(HEADER + faulty), Buffer.from([0xff]), Buffer.from("\n")]),
    );
    expect(faults.map(({ line }) => line)).toEqual(Array.from({ length: 100 }, (_, i) => i + 2));
  });

  it("counts lines correctly when line endings are mixed, even inside quotes", async () => {
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
    expect(summary(whole)).toEqual([
      [2, "A", "x"],
      [5, "B", "p\r\nq"],
      [7, "C", "p\nq\rr"],
      [9, "D", null],
      [11, "F", "y"],
    ]);
    expect(whole.faults).toEqual([
      { line: 10, field: "source", detail: expect.stringContaining('"Till"') },
    ]);
    const bytes = Array.from(Buffer.from(csv), (byte) => Buffer.from([byte]));
    expect(await read(...bytes)).toEqual(whole);
  });

  it("refuses lines that end in a carriage return alone", async () => {
    const { faults } = await read("source,externalId\rBank,A\rBank,B\r");
    expect(faults).toEqual([
      { line: 1, field: "", detail: expect.stringContaining("LF or CR LF") },
    ]);
  });

  it("does not end lines at other Unicode line separators", async () => {
    expect(summary(await read(HEADER, "Bank,A,a\u2028b\u0085c\vd\n"))).toEqual([
      [2, "A", "a\u2028b\u0085c\vd"],
    ]);
  });

  it.each([
    ["one cell", (bytes: number) => `Bank,A,${"x".repeat(bytes - 7)}`],
    ["commas", (bytes: number) => ",".repeat(bytes)],
    ["doubled quotes", (bytes: number) => `Bank,A,"${'""'.repeat((bytes - 9) / 2)}"`],
    ["quoted lines", (bytes: number) => `Bank,A,"${"x\n".repeat((bytes - 9) / 2)}"`],
  ])("accepts a record of %s up to 64 KiB", async (_, record) => {
    // Odd lengths, because two of the records can have no other.
    const [longest, longer] = [MAX_LINE_BYTES - 1, MAX_LINE_BYTES + 1];
    for (const end of ["", "\n", "\r\n"]) {
      const accepted = await read(HEADER, `${record(longest)}${end}`);
      expect(accepted.faults).not.toContainEqual(tooLong);
      const refused = await read(HEADER, "Till,0,\nBank,1,\n", `${record(longer)}${end}`);
      expect(refused.faults).toEqual([
        { line: 2, field: "source", detail: expect.any(String) },
        { ...tooLong, line: 4 },
      ]);
    }
  });

  it("holds at most one record in memory, however many cells it has", async () => {
    const commas = Buffer.alloc(1_048_576, ",");
    const before = process.memoryUsage().heapUsed;
    const { faults } = await read(HEADER, ...Array.from({ length: 200 }, () => commas));
    expect(faults).toEqual([tooLong]);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(50_000_000);
  });

  it("reports bytes that are not UTF-8, and the faults before them, however the bytes are cut", async () => {
    const invalid = fc.constantFrom([0xff], [0xc3], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xf0, 0x9f]);
    const sources = fc.array(fc.constantFrom("Bank", "Till"), { maxLength: 5 });
    const places = fc.array(fc.nat(200));
    await fc.assert(
      fc.asyncProperty(sources, invalid, places, async (names, bytes, cuts) => {
        const records = names.map((source, index) => `${source},${index},"é\n€"\n`).join("");
        const body = Buffer.concat([Buffer.from(`${HEADER}${records}Bank,X,`), Buffer.from(bytes)]);
        const { faults } = await read(...cutAt(body, cuts));
        // The parser may still hold the last record before the invalid bytes, so its fault is optional.
        const lastLine = 2 * names.length;
        const earlier = names
          .slice(0, -1)
          .flatMap((name, at) => (name === "Till" ? [2 + 2 * at] : []));
        const lines = faults.map(({ line }) => line).filter((line) => line !== lastLine);
        expect(lines).toEqual([...earlier, lastLine + 2]);
        expect(faults.at(-1)?.detail).toContain("not valid UTF-8");
      }),
    );
  });
});
