import { SEED } from "./builders.ts";
import { createIngestStage, type Book } from "./support.ts";

const stage = createIngestStage();
let book: Book;

beforeEach(async () => {
  book = await stage.aBook();
  await book.push("transactions", SEED);
});

describe("a match group in CSV", () => {
  const line = (externalId: string, transaction: string | null, changes: object = {}): object => ({
    externalId,
    source: transaction === null ? null : "Bank",
    transaction,
    ...changes,
  });

  it("has one line per item and counts as one record", async () => {
    const lines = [
      line("G", "A", { rule: "exact", confidence: "90" }),
      line("H", "C"),
      line("G", "B", { amount: "50" }),
    ];
    expect(await book.pushCells("match-groups", lines)).toEqual({
      received: 2,
      inserted: 2,
      updated: 0,
      unchanged: 0,
    });
    expect(await book.items()).toHaveLength(3);
    expect(await book.pushCells("match-groups", lines)).toMatchObject({ unchanged: 2 });
    expect(
      await book.pushCells("match-groups", [line("G", null, { status: "REVOKED" })]),
    ).toMatchObject({ updated: 1 });
    expect(await book.statuses()).toMatchObject({ A: "UNMATCHED", B: "UNMATCHED", C: "MATCHED" });
  });

  it("is refused if its lines disagree or repeat a transaction", async () => {
    const refused = book.pushCells("match-groups", [
      line("G", "A", { rule: "exact" }),
      line("G", "B", { rule: "fuzzy" }),
      line("G", "A"),
    ]);
    await expect(refused).rejects.toMatchObject({
      code: "invalid_records",
      lines: [
        { line: 2, field: "rule" },
        { line: 3, field: "transaction" },
      ],
    });
  });
});
