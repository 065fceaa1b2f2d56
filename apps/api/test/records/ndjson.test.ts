import { createLineFaults, jsonRecordChecker, type RecordKind } from "@docket/domain";
import fc from "fast-check";
import { ndjsonReader } from "../../src/records/ndjson.ts";

/** What a body of one line comes to: how many rows, and the details of its faults. */
async function read(text: string, kind: RecordKind = "transactions") {
  const faults = createLineFaults();
  const reader = ndjsonReader(
    jsonRecordChecker(kind, () => "id"),
    faults,
  );
  const rows = (await reader.push(Buffer.from(text))) + (await reader.end());
  const details: string[] = [];
  try {
    faults.throwIfAny();
  } catch (error) {
    const { lines } = error as { lines: { detail: string }[] };
    details.push(...lines.map(({ detail }) => detail));
  }
  return { rows: rows.split("\n").length - 1, details };
}

const NAMED_TWICE = [expect.stringContaining("names a field twice")];

const hostile = fc.string({
  unit: fc.constantFrom('"', ":", "\\", " ", "{", "}", ",", "a", "\n", "\u2028", "é"),
});

const group = (description: string) => ({
  externalId: "G",
  rule: description.slice(0, 200),
  items: [
    { source: "Bank", transaction: `T${description}`.slice(0, 200) },
    { source: "Bank", transaction: "T:2" },
  ],
});

describe("a line of NDJSON", () => {
  it("is taken whatever its texts hold, and refused when it names a field twice", async () => {
    await fc.assert(
      fc.asyncProperty(hostile, fc.constantFrom(undefined, 2), async (text, space) => {
        const one = JSON.stringify(group(text), null, space).replaceAll("\n", " ");
        expect(await read(one, "match-groups")).toEqual({ rows: 2, details: [] });
        const twice = one.replace("{", String.raw`{"extern\u0061lId" : "H",`);
        expect((await read(twice, "match-groups")).details).toEqual(NAMED_TWICE);
        const inItem = one.replace(/("source": ?"Bank")/, '"source":"Till",$1');
        expect((await read(inItem, "match-groups")).details).toEqual(NAMED_TWICE);
      }),
    );
  });

  it("may have colons in its times, and lines of Unicode in its texts", async () => {
    const record = {
      source: "Bank",
      externalId: "A",
      date: "2026-01-15T10:30:00Z",
      description: "a\u2028b\u2029c",
    };
    expect(await read(JSON.stringify(record))).toEqual({ rows: 1, details: [] });
  });

  it.each([
    [
      "deep JSON",
      `{"source":"Bank","externalId":"A","description":${"[".repeat(30_000)}${"]".repeat(30_000)}}`,
    ],
    ["deep JSON that is no record", "[".repeat(30_000) + "]".repeat(30_000)],
    ["JSON that never closes", "[".repeat(60_000)],
    ["a number beyond all numbers", '{"source":"Bank","externalId":"A","amount":1e999}'],
    ["a prototype", '{"source":"Bank","externalId":"A","__proto__":{"amount":"1"}}'],
    ["half of a pair in a key", String.raw`{"source":"Bank","externalId":"\udc00"}`],
    ["half of a pair in a name", String.raw`{"source":"Bank","externalId":"A","\ud800":1}`],
  ])("with %s is one fault", async (_, text) => {
    expect((await read(text)).details).toHaveLength(1);
  });
});
