import { SEED } from "./builders.ts";
import { ingestSuite } from "./support.ts";

const { context } = ingestSuite((each) => each.push("transactions", SEED));

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
    expect(await context.pushCells("match-groups", lines)).toEqual({
      received: 2,
      inserted: 2,
      updated: 0,
      unchanged: 0,
    });
    expect(await context.items()).toHaveLength(3);
    expect(await context.pushCells("match-groups", lines)).toMatchObject({ unchanged: 2 });
    expect(
      await context.pushCells("match-groups", [line("G", null, { status: "REVOKED" })]),
    ).toMatchObject({ updated: 1 });
    expect(await context.statuses()).toMatchObject({
      A: "UNMATCHED",
      B: "UNMATCHED",
      C: "MATCHED",
    });
  });

  it("is refused if its lines disagree or repeat a transaction", async () => {
    const refused = context.pushCells("match-groups", [
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
