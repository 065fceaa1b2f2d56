import type { LineFaults, RecordKind } from "@docket/domain";
import type pg from "pg";
import { exceptions } from "./exceptions.ts";
import { feeVariances } from "./fee-variances.ts";
import type { IngestCounts, Loaders, LoadOptions, Run } from "./loader.ts";
import { matchGroups } from "./match-groups.ts";
import type { Scope } from "./sql.ts";
import { keyColumns } from "./staging.ts";
import { transactions } from "./transactions.ts";

const loaders = {
  transactions,
  "match-groups": matchGroups,
  "fee-variances": feeVariances,
  exceptions,
} as const satisfies Loaders;

/** Up to this many rows, index lookups are faster; beyond it, one pass over both sides. */
const MANY_ROWS = 20_000;

/**
 * Checks the staged rows and applies them to the tenant's tables, in the current transaction.
 *
 * @param stagedRows how many rows the staging table has.
 * @throws DocketError `invalid_records` if there are faults.
 */
export async function loadStagedRows(
  client: pg.PoolClient,
  scope: Scope,
  kind: RecordKind,
  stagedRows: number,
  options: LoadOptions & { readonly faults: LineFaults },
): Promise<IngestCounts> {
  const { faults } = options;
  const loader = loaders[kind];
  await lockContext(client, scope);
  const run = runOn(client, stagedRows, faults);
  // The planner's statistics lag behind a large ingest by a minute or more. It would expect no rows for a tenant that has
  // millions, and choose nested loops. Therefore many rows are always joined by hashing, and few rows by index.
  const isLarge = stagedRows > MANY_ROWS;
  const key = keyColumns(kind).map(({ column }) => column);
  if (isLarge) await run.execute("SET LOCAL enable_nestloop = off");
  else await run.execute(`CREATE INDEX ON ingest_rows (${key.join(", ")})`);
  await run.execute("ANALYZE ingest_rows");
  for (const sql of loader.resolve(scope)) await run.execute(sql);
  if (!isLarge)
    for (const columns of loader.indexes) await run.execute(`CREATE INDEX ON ${columns}`);
  for (const sql of loader.checks(scope, options)) await run.findFaults(sql);
  faults.throwIfAny();
  const { received, inserted, updated } = await loader.apply(scope, run);
  faults.throwIfAny();
  return { received, inserted, updated, unchanged: received - inserted - updated };
}

/**
 * Serializes the ingests into one context from here to COMMIT, so that they cannot deadlock, overwrite each other, or check
 * allocations against data that another ingest is about to change. Under READ COMMITTED, the statements that follow see what
 * the previous holder committed. The lock is taken after the rows are staged, so that a slow client delays nobody else.
 */
async function lockContext(client: pg.PoolClient, { tenant, context }: Scope): Promise<void> {
  await client.query(
    `SELECT pg_advisory_xact_lock(hashtextextended('records ' || ${tenant} || ${context}, 0))`,
  );
}

const runOn = (client: pg.PoolClient, stagedRows: number, faults: LineFaults): Run => ({
  stagedRows,
  execute: async (sql) => (await client.query(sql)).rowCount ?? 0,
  count: async (table) => {
    const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM ${table}`);
    return Number(rows[0]?.count);
  },
  findFaults: async (sql) => {
    const found = await client.query<[string, string, string]>({ text: sql, rowMode: "array" });
    for (const [line, field, detail] of found.rows) faults.add(Number(line), field, detail);
    return found.rows.length > 0;
  },
});
