import { jsonRecordChecker, type CheckRecord, type RecordKind } from "@docket/domain";
import fc from "fast-check";
import { ndjsonReader } from "../../src/records/ndjson.ts";
import { readRecords } from "../support/read-records.ts";

/** Returns the number of rows that a line gives, and the details of its faults. */
async function readLine(text: string, kind: RecordKind = "transactions") {
  const check = jsonRecordChecker(kind, () => "id");
  const { rows, faults } = await readRecords((found) => ndjsonReader(check, found), [text]);
  return { rows: rows.length, details: faults.map(({ detail }) => detail) };
}

const DUPLICATE_FIELD = [expect.stringContaining("contains a field twice")];

const hostile = fc.string({
  unit: fc.constantFrom('"', ":", "\\", " ", "{", "}", ",", "a", "\n", "\u2028", "é"),
});

const group = (text: string) => ({
  externalId: "G",
  rule: text.slice(0, 200),
  items: [
    { source: "Bank", transaction: `T${text}`.slice(0, 200) },
    { source: "Bank", transaction: "T:2" },
  ],
});

describe("ndjsonReader", () => {
  it("stops in the middle of a chunk once the list of faults is full", async () => {
    let checked = 0;
    const refuse: CheckRecord = (_record, _row, fault) => {
      checked += 1;
      fault("amount", "is refused");
    };
    const lines = "{}\n".repeat(1_000);
    const { faults } = await readRecords((found) => ndjsonReader(refuse, found), [lines, lines]);
    expect(faults).toHaveLength(100);
    expect(checked).toBe(100);
  });

  it("accepts a record whatever its texts contain, and refuses it if it has a field twice", async () => {
    await fc.assert(
      fc.asyncProperty(hostile, fc.constantFrom(undefined, 2), async (text, space) => {
        const valid = JSON.stringify(group(text), null, space).replaceAll("\n", " ");
        expect(await readLine(valid, "match-groups")).toEqual({ rows: 2, details: [] });
        const inRecord = valid.replace("{", String.raw`{"extern\u0061lId" : "H",`);
        expect((await readLine(inRecord, "match-groups")).details).toEqual(DUPLICATE_FIELD);
        const inItem = valid.replace(/("source": ?"Bank")/, '"source":"Till",$1');
        expect((await readLine(inItem, "match-groups")).details).toEqual(DUPLICATE_FIELD);
      }),
    );
  });

  it("accepts timestamps and Unicode line separators", async () => {
    const record = {
      source: "Bank",
      externalId: "A",
      date: "2026-01-15T10:30:00Z",
      description: "a\u2028b\u2029c",
    };
    expect(await readLine(JSON.stringify(record))).toEqual({ rows: 1, details: [] });
  });

  it.each([
    [
      "a deeply nested value",
      `{"source":"Bank","externalId":"A","description":${"[".repeat(30_000)}${"]".repeat(30_000)}}`,
    ],
    ["deeply nested JSON that is not a record", "[".repeat(30_000) + "]".repeat(30_000)],
    ["JSON that never closes", "[".repeat(60_000)],
    ["a number too large for JavaScript", '{"source":"Bank","externalId":"A","amount":1e999}'],
    ["a prototype", '{"source":"Bank","externalId":"A","__proto__":{"amount":"1"}}'],
    ["half of a surrogate pair in a key", String.raw`{"source":"Bank","externalId":"\udc00"}`],
    [
      "half of a surrogate pair in a field name",
      String.raw`{"source":"Bank","externalId":"A","\ud800":1}`,
    ],
  ])("reports one fault for %s", async (_, text) => {
    expect((await readLine(text)).details).toHaveLength(1);
  });
});
