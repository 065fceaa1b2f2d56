import { addContext, MATCHED_ITEMS_DIFFERENCE, type ContextIds } from "@docket/testing";
import fc from "fast-check";
import pg from "pg";
import { group, transaction } from "./builders.ts";
import { ingestSuite } from "./support.ts";

const { context, database, owner, test } = ingestSuite();

const TRANSACTIONS = ["A", "B", "C", "D"];
const GROUPS = ["G1", "G2", "G3"];
const DATES = ["2026-01-01", "2026-01-02", "2026-01-03T12:00:00.123Z"];

const someOf = (names: readonly string[]) => fc.subarray([...names], { minLength: 1 });

/** Moves transactions to other dates, or to the ones that they have. */
const moves = fc.record({
  kind: fc.constant("transactions" as const),
  records: someOf(TRANSACTIONS).chain((names) =>
    fc
      .array(fc.constantFrom(...DATES), { minLength: names.length, maxLength: names.length })
      .map((dates) => names.map((name, index) => transaction(name, { date: dates[index] }))),
  ),
});

const oneGroup = (name: string) =>
  fc
    .record({
      items: fc.dictionary(fc.constantFrom(...TRANSACTIONS), fc.constantFrom("5", "10"), {
        minKeys: 1,
      }),
      status: fc.constantFrom("CONFIRMED", "PROPOSED", "REJECTED", "REVOKED"),
      rule: fc.option(fc.constantFrom("amount", "reference"), { nil: undefined }),
      confidence: fc.option(fc.constantFrom(50, 99.5), { nil: undefined }),
    })
    .map(({ items, ...fields }) => group(name, items, fields));

/** Creates groups, and changes the items, status, rule and confidence of existing ones. */
const matches = fc.record({
  kind: fc.constant("match-groups" as const),
  records: someOf(GROUPS).chain((names) => fc.tuple(...names.map(oneGroup))),
});

const differences = async (): Promise<object[]> =>
  (await owner().query<object>(MATCHED_ITEMS_DIFFERENCE)).rows;

/** A context of a new tenant. Each of its transactions is in a match group of its own. */
async function matchedContext(transactions: number): Promise<ContextIds> {
  const ids = await addContext(database(), { transactions });
  await owner().query(
    `WITH g AS (
       INSERT INTO match_groups (tenant_id, context_id, external_id)
       SELECT tenant_id, context_id, external_id FROM transactions WHERE context_id = $1 RETURNING *
     )
     INSERT INTO match_group_items (tenant_id, match_group_id, transaction_id, amount)
     SELECT g.tenant_id, g.id, t.id, t.amount FROM g JOIN transactions t USING (context_id, external_id)`,
    [ids.contextId],
  );
  return ids;
}

/** How many rows and index entries the session has read in the tables of matches. */
const READS = `
  SELECT sum(pg_stat_get_xact_tuples_returned(oid))::float8 AS reads FROM pg_class
  WHERE relname ~ '^(match_groups|match_group_items|matched_items)' AND relkind IN ('r', 'i')`;

describe("matched_items", () => {
  it("equals the items of confirmed groups after every ingest", async () => {
    const ingests = fc.array(fc.oneof(moves, matches), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(ingests, async (steps) => {
        await owner().query(`TRUNCATE match_group_items, match_groups, matched_items`);
        await context.push(
          "transactions",
          TRANSACTIONS.map((name) => transaction(name)),
        );
        for (const { kind, records } of steps) {
          await context.push(kind, records);
          expect(await differences()).toEqual([]);
        }
      }),
      { numRuns: 25 },
    );
  });

  it("moves the items of more transactions than a batch has", async () => {
    const names = Array.from({ length: 2_500 }, (_, n) => `T${n}`);
    const items = Object.fromEntries(names.slice(0, 2_100).map((name) => [name, "10"]));
    const push = (date: string) =>
      context.push(
        "transactions",
        names.map((name) => transaction(name, { date })),
      );
    await push("2026-01-01");
    await context.push("match-groups", [group("Many", items)]);
    await push("2026-01-02");
    expect(await differences()).toEqual([]);
  });

  it("finds the items of moved transactions by index, despite the planner settings of the ingest and stale statistics", async () => {
    await matchedContext(1_000);
    await owner().query("ANALYZE transactions, match_groups, match_group_items, matched_items");
    // The statistics do not include this tenant, so the planner estimates that it has no rows.
    const { tenantId } = await matchedContext(2_000);
    const session = new pg.Client({ connectionString: test().superuserUrl });
    await session.connect();
    try {
      await session.query("BEGIN; SET LOCAL enable_nestloop = off; SET LOCAL ROLE docket_app");
      await session.query("SELECT set_config('app.tenant', $1, true)", [tenantId]);
      const moved = await session.query(
        "UPDATE transactions SET date = date + interval '1 day' WHERE amount <= 100",
      );
      expect(moved.rowCount).toBe(100);
      const { rows } = await session.query<{ reads: number }>(READS);
      expect(rows[0]!.reads).toBeGreaterThanOrEqual(100);
      expect(rows[0]!.reads).toBeLessThan(1_000);
    } finally {
      await session.end();
    }
  });

  it("loses the items of a group that is deleted", async () => {
    await context.push("transactions", [transaction("A")]);
    await context.push("match-groups", [group("G", { A: "10" })]);
    const { rows } = await owner().query("SELECT 1 FROM matched_items");
    expect(rows).not.toEqual([]);
    await owner().query("DELETE FROM match_groups");
    expect(await differences()).toEqual([]);
  });
});
