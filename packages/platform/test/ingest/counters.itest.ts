import { COUNTERS_DIFFERENCE } from "@docket/testing";
import fc from "fast-check";
import { withTenant } from "../../src/database/index.ts";
import { foldCounters } from "../../src/rows/index.ts";
import { group, transaction } from "./builders.ts";
import { ingestSuite } from "./support.ts";

const { context, database, owner } = ingestSuite();

const NAMES = ["A", "B", "C"];
const DAYS = ["2026-01-01", "2026-01-01T23:59:59.999Z", "2026-01-02"];
const INSTANTS = ["2026-01-01", "2026-01-01T00:00:00.001Z", "2026-01-01T00:00:01Z"];

const optionally = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
const someOf = <T>(record: (name: string) => fc.Arbitrary<T>) =>
  fc
    .subarray(NAMES, { minLength: 1 })
    .chain((names) => fc.tuple(...names.map((name) => record(name))));

const transactions = someOf((name) =>
  fc
    .record({
      // At least 10, which match groups allocate.
      amount: fc.constantFrom("10", "-20.5"),
      date: optionally(...DAYS),
      status: optionally("IGNORED", "PENDING_REVIEW", "UNMATCHED"),
    })
    .map((changes) => transaction(name, changes)),
);
const groups = someOf((name) =>
  fc
    .record({ status: optionally("CONFIRMED", "PROPOSED", "REVOKED") })
    .map((changes) => group(`G${name}`, { [name]: "5" }, changes)),
);
const exceptions = someOf((name) =>
  fc.record({
    source: fc.constant("Bank"),
    transaction: fc.constant(name),
    severity: fc.constantFrom("LOW", "HIGH"),
    status: optionally("OPEN", "RESOLVED"),
    assignedTo: optionally("ada"),
    createdAt: optionally(...INSTANTS),
    dueAt: optionally(...INSTANTS),
  }),
);

type Run = () => Promise<unknown>;

const ingests = fc
  .oneof(
    transactions.map((records) => ({ kind: "transactions" as const, records })),
    groups.map((records) => ({ kind: "match-groups" as const, records })),
    exceptions.map((records) => ({ kind: "exceptions" as const, records })),
  )
  .chain(({ kind, records }) =>
    fc.boolean().map((isRefused): { name: string; run: Run } => ({
      name: `ingest of ${kind}${isRefused ? ", refused" : ""}: ${JSON.stringify(records)}`,
      // The key that occurs twice is found after the rows before it were staged.
      run: () =>
        isRefused ? context.faultsOf(kind, [...records, ...records]) : context.push(kind, records),
    })),
  );

/** Statements on the exception of the transaction `$1`, and on one of its disputes. */
const EXCEPTION = `(SELECT e.id FROM exceptions e JOIN transactions t ON t.id = e.transaction_id WHERE t.external_id = $1)`;
const DISPUTE = `(SELECT min(d.id::text)::uuid FROM disputes d WHERE d.exception_id = ${EXCEPTION})`;
const CLOSED = "resolution = 'r', closed_by = 'ada', closed_at = now()";
const STATEMENTS = [
  `UPDATE exceptions SET assigned_to = 'ada', status = 'ASSIGNED', severity = 'CRITICAL' WHERE id = ${EXCEPTION}`,
  `UPDATE exceptions SET assigned_to = NULL, due_at = NULL WHERE id = ${EXCEPTION}`,
  `UPDATE exceptions SET status = 'RESOLVED' WHERE id = ${EXCEPTION}`,
  `UPDATE exceptions SET status = 'OPEN', due_at = '2026-01-02' WHERE id = ${EXCEPTION}`,
  `INSERT INTO disputes (tenant_id, context_id, exception_id, category, state, description, opened_by, respond_by)
   SELECT tenant_id, context_id, id, 'OTHER', 'OPEN', 'd', 'ada', '2026-01-01T00:00:00.500Z' FROM exceptions WHERE id = ${EXCEPTION}`,
  `UPDATE disputes SET state = 'PENDING_EVIDENCE', respond_by = NULL WHERE id = ${DISPUTE} AND state = 'OPEN'`,
  `UPDATE disputes SET state = 'WON', recovered_amount = disputed_amount / 2, ${CLOSED} WHERE id = ${DISPUTE} AND state = 'OPEN'`,
  `UPDATE disputes SET state = 'LOST', ${CLOSED} WHERE id = ${DISPUTE} AND state = 'PENDING_EVIDENCE'`,
];

const statements = fc
  .record({
    sql: fc.constantFrom(...STATEMENTS),
    name: fc.constantFrom(...NAMES),
    end: fc.constantFrom("COMMIT", "COMMIT", "ROLLBACK"),
  })
  .map(({ sql, name, end }): { name: string; run: Run } => ({
    name: `${name}: ${sql}; ${end}`,
    run: () =>
      withTenant(context.tenantId, async () => {
        const client = await database().pool.connect();
        try {
          await client.query("BEGIN");
          await client.query(sql, [name]);
          await client.query(end);
        } finally {
          client.release();
        }
      }),
  }));

const fold = fc.constant({ name: "fold", run: () => foldCounters(database().pool, 2) });

/** What happens at the same time. */
const moments = fc.array(fc.oneof(ingests, { arbitrary: statements, weight: 2 }, fold), {
  minLength: 1,
  maxLength: 3,
});

const differences = async (): Promise<object[]> =>
  (await owner().query<object>(COUNTERS_DIFFERENCE)).rows;

describe("the counters of a context", () => {
  it("equal a recount after any changes, rollbacks and folds, also simultaneous ones", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(moments, { minLength: 3, maxLength: 8 }), async (history) => {
        await owner().query(
          "TRUNCATE transactions, match_groups, matched_items, exceptions, disputes, counters, counter_changes CASCADE",
        );
        await context.push(
          "transactions",
          NAMES.map((name) => transaction(name)),
        );
        await context.push(
          "exceptions",
          NAMES.map((name) => ({ source: "Bank", transaction: name, severity: "LOW" })),
        );
        for (const moment of history) {
          await Promise.all(moment.map(({ run }) => run()));
          expect(await differences()).toEqual([]);
        }
        while ((await foldCounters(database().pool, 1_000)) > 0);
        expect(await differences()).toEqual([]);
        const { rows } = await owner().query("SELECT FROM counters WHERE count = 0");
        expect(rows).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });

  it("lose rows that are deleted", async () => {
    await context.push("transactions", [transaction("A")]);
    await context.push("match-groups", [group("G", { A: "10" })]);
    await context.push("exceptions", [{ source: "Bank", transaction: "A", severity: "LOW" }]);
    for (const table of ["match_groups", "exceptions", "transactions"])
      await owner().query(`DELETE FROM ${table} WHERE context_id = $1`, [context.contextId]);
    expect(await differences()).toEqual([]);
  });

  it("are visible to their own tenant only", async () => {
    await context.push("transactions", [transaction("A")]);
    await foldCounters(database().pool, 1_000);
    await context.push("transactions", [transaction("B")]);
    const read = async (): Promise<unknown> =>
      (
        await database().pool.query(
          "SELECT (SELECT count(*) FROM counters) + (SELECT count(*) FROM counter_changes) AS rows",
        )
      ).rows;
    expect(await withTenant(context.tenantId, read)).toEqual([{ rows: "2" }]);
    expect(await withTenant("00000000-0000-4000-8000-000000000000", read)).toEqual([{ rows: "0" }]);
  });
});
