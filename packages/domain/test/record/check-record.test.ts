import {
  csvRecordChecker,
  jsonRecordChecker,
  type Cells,
  type RecordKind,
} from "../../src/index.ts";

const findSource = (name: string): string | undefined =>
  name === "Bank" ? "id-of-bank" : undefined;

type Outcome = { readonly rows: Cells[]; readonly faults: [string, string][] };

function outcomeOf(checker: typeof jsonRecordChecker, kind: RecordKind, record: unknown): Outcome {
  const outcome: Outcome = { rows: [], faults: [] };
  checker(kind, findSource)(
    record,
    (cells) => outcome.rows.push(cells),
    (field, detail) => outcome.faults.push([field, detail]),
  );
  return outcome;
}

const json = (kind: RecordKind, record: unknown): Outcome =>
  outcomeOf(jsonRecordChecker, kind, record);
const csv = (kind: RecordKind, record: unknown): Outcome =>
  outcomeOf(csvRecordChecker, kind, record);

const aTransaction = (changes: object = {}): object => ({
  source: "Bank",
  externalId: "A-1",
  amount: "12.50",
  currency: "EUR",
  date: "2026-01-15",
  ...changes,
});

const aGroup = (changes: object = {}): object => ({
  externalId: "G-1",
  items: [{ source: "Bank", transaction: "A-1" }],
  ...changes,
});

describe("a transaction", () => {
  it("becomes one row, its source by id, what is left out null", () => {
    expect(json("transactions", aTransaction())).toEqual({
      rows: [
        {
          source_id: "id-of-bank",
          external_id: "A-1",
          amount: "12.50",
          currency: "EUR",
          date: "2026-01-15",
          description: null,
          status: null,
        },
      ],
      faults: [],
    });
  });

  it("may leave out or null all but its key", () => {
    const { rows, faults } = json("transactions", {
      source: "Bank",
      externalId: "A-1",
      amount: null,
    });
    expect(faults).toEqual([]);
    expect(rows).toHaveLength(1);
  });

  test.each([
    ["amount", 12.5, /not a JSON number/],
    ["amount", "1e3", /without an exponent/],
    ["amount", "0.123456789", /at most 8 digits after/],
    ["amount", "123456789012345678901", /at most 20 digits before/],
    ["amount", "1".repeat(100), /at most 20 digits before the decimal point$/],
    ["amount", "1".repeat(101), /at most 20 digits before the decimal point and 8 after it$/],
    ["amount", "123456789012345678901.", /at most 20 digits before/],
    ["amount", "1.", /decimal number/],
    ["amount", ".123456789", /decimal number/],
    ["amount", ".e5", /without an exponent/],
    ["amount", "1,000.00", /decimal number/],
    ["amount", " 1", /decimal number/],
    ["amount", ".5", /decimal number/],
    ["amount", "NaN", /decimal number/],
    ["amount", "", /decimal number/],
    ["amount", true, /must be a string/],
    ["currency", "XYZ", /ISO 4217/],
    ["currency", "euro", /ISO 4217/],
    ["currency", "EU", /ISO 4217/],
    ["currency", 978, /ISO 4217/],
    ["date", "2026-02-30", /must be an existing date/],
    ["date", 20260115, /must be an existing date/],
    ["source", "Till", /"Till" is neither the ID nor the name/],
    ["source", 5, /must be the ID or the name/],
    ["externalId", "", /must not be blank/],
    ["externalId", 5, /must be a string/],
    ["externalId", "x".repeat(256), /at most 255 characters/],
    ["description", "a\0b", /NUL/],
    ["description", "a\ud800b", /surrogate/],
    ["status", "MATCHED", /is derived from the match groups/],
    ["status", "DONE", /must be one of IGNORED, PENDING_REVIEW, UNMATCHED/],
    ["colour", "red", /is not a field of this kind of record; the fields are source, externalId/],
  ])("with %s = %j is refused by name", (field, value, detail) => {
    const { rows, faults } = json("transactions", aTransaction({ [field]: value }));
    expect(rows).toEqual([]);
    expect(faults).toEqual([[field, expect.stringMatching(detail)]]);
  });

  it("cannot smuggle in a field by the name of a prototype", () => {
    const { faults } = json(
      "transactions",
      JSON.parse('{"source":"Bank","externalId":"A","__proto__":{"amount":"1"}}'),
    );
    expect(faults).toEqual([["__proto__", expect.stringMatching(/is not a field/)]]);
  });

  test.each([[null], ["text"], [[aTransaction()]], [5]])(
    "must be an object, unlike %j",
    (record) => {
      expect(json("transactions", record).faults).toEqual([
        ["", "the line must be one JSON object"],
      ]);
    },
  );

  it("tells all its faults at once", () => {
    const { faults } = json("transactions", { externalId: "A", amount: 5, colour: "red" });
    expect(faults.map(([field]) => field)).toEqual(["source", "amount", "colour"]);
  });

  it.each(["99999999999999999999.99999999", "-0.00000001", "+1", "007"])(
    "takes the amount %s",
    (amount) => {
      expect(json("transactions", aTransaction({ amount })).rows[0]).toMatchObject({ amount });
    },
  );

  it("takes words in any case", () => {
    const { rows } = json("transactions", aTransaction({ currency: "eur", status: "ignored" }));
    expect(rows[0]).toMatchObject({ currency: "EUR", status: "IGNORED" });
  });
});

/** The row of match group G-1 without items. */
const NO_ITEM = {
  external_id: "G-1",
  status: null,
  rule: null,
  confidence: null,
  path: null,
  source_id: null,
  transaction: null,
  amount: null,
  currency: null,
};

describe("a match group", () => {
  it("becomes one row an item, with the item's path", () => {
    const items = [
      { source: "Bank", transaction: "A" },
      { source: "Bank", transaction: "B", amount: "5", currency: "EUR" },
    ];
    const group = { ...NO_ITEM, rule: "exact", confidence: "97.5" };
    expect(json("match-groups", aGroup({ items, confidence: 97.5, rule: "exact" })).rows).toEqual([
      { ...group, path: "items.0.", source_id: "id-of-bank", transaction: "A" },
      {
        ...group,
        path: "items.1.",
        source_id: "id-of-bank",
        transaction: "B",
        amount: "5",
        currency: "EUR",
      },
    ]);
  });

  it("without items is one row that says so", () => {
    expect(json("match-groups", { externalId: "G-1", status: "REVOKED" }).rows).toEqual([
      { ...NO_ITEM, status: "REVOKED" },
    ]);
  });

  test.each([
    [{ items: [] }, "items"],
    [{ items: "A" }, "items"],
    [{ items: [5] }, "items.0"],
    [{ items: [{ source: "Bank" }] }, "items.0.transaction"],
    [{ items: [{ source: "Bank", transaction: "A", amount: 5 }] }, "items.0.amount"],
    [{ items: [{ source: "Bank", transaction: "A", note: "x" }] }, "items.0.note"],
    [{ confidence: "90" }, "confidence"],
    [{ confidence: 100.5 }, "confidence"],
    [{ confidence: -1 }, "confidence"],
    [{ confidence: 1.234 }, "confidence"],
    [{ status: "MAYBE" }, "status"],
    [{ amount: "5" }, "amount"],
  ])("with %j is refused at %s", (changes, field) => {
    const { rows, faults } = json("match-groups", aGroup(changes));
    expect(rows).toEqual([]);
    expect(faults.map(([at]) => at)).toEqual([field]);
  });
});

describe("a CSV line", () => {
  it("takes a percentage as the text that it is", () => {
    const line = {
      externalId: "G-1",
      confidence: "99.5",
      source: "Bank",
      transaction: "A",
      amount: null,
    };
    expect(csv("match-groups", line).rows).toEqual([
      { ...NO_ITEM, confidence: "99.5", path: "", source_id: "id-of-bank", transaction: "A" },
    ]);
  });

  it("without any of an item's cells is the group alone", () => {
    const line = { externalId: "G-1", status: "REVOKED", source: null };
    expect(csv("match-groups", line).rows).toEqual([{ ...NO_ITEM, status: "REVOKED" }]);
  });

  it("with half of an item is refused", () => {
    expect(csv("match-groups", { externalId: "G", source: "Bank" }).faults).toEqual([
      ["transaction", "is required"],
    ]);
  });
});
