import { randomUUID } from "node:crypto";
import { Client, escapeLiteral } from "pg";
import { REPORT_TYPES, type ExportSpec, type ReportType } from "@docket/domain";
import { createTestDatabase, type TestDatabase } from "@docket/testing";
import { reportQuery } from "@docket/reports";
import { exportSession } from "./exporter.ts";

/**
 * A report of a small context must not scan the rows of large ones. The plans are made as the apps' role: under a policy
 * the planner may only use indexes whose comparisons are leakproof, which a plan of the owner would not show.
 */
const tenantId = randomUUID();
const contextId = randomUUID();
const largeContextId = randomUUID();
const MANY = 30_000;
const FEW = 50;

let database: TestDatabase;
let session: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  const owner = new Client({ connectionString: database.ownerUrl });
  await owner.connect();
  // Another context of the same tenant, and one of another tenant.
  await fill(owner, tenantId, largeContextId, MANY);
  await fill(owner, randomUUID(), randomUUID(), MANY);
  await fill(owner, tenantId, contextId, FEW);
  await owner.query("ANALYZE");
  await owner.end();
  session = await exportSession(database.appUrl, tenantId);
});

afterAll(async () => {
  await session?.end();
  await database?.drop();
});

/** Inserts `rows` transactions, each with its own match group, fee, exception and dispute; half of them are MATCHED. */
async function fill(owner: Client, tenant: string, context: string, rows: number): Promise<void> {
  const source = randomUUID();
  const run = (sql: string): Promise<unknown> =>
    owner.query(
      sql
        .replaceAll(":tenant", `${escapeLiteral(tenant)}::uuid`)
        .replaceAll(":context", `${escapeLiteral(context)}::uuid`)
        .replaceAll(":source", `${escapeLiteral(source)}::uuid`)
        .replaceAll(":rows", String(rows)),
    );
  await run(
    "INSERT INTO contexts (tenant_id, id, name) VALUES (:tenant, :context, :context::text)",
  );
  await run(
    "INSERT INTO sources (tenant_id, id, context_id, name, type, side) VALUES (:tenant, :source, :context, 'Bank', 'BANK', 'LEFT')",
  );
  await run(`INSERT INTO transactions (tenant_id, context_id, source_id, external_id, amount, currency, date, status)
    SELECT :tenant, :context, :source, 'T-' || n, n, 'EUR', timestamptz '2026-01-01Z' + n * interval '1 minute',
      CASE WHEN n % 2 = 0 THEN 'MATCHED' ELSE 'UNMATCHED' END
    FROM generate_series(1, :rows) n`);
  await run(`INSERT INTO match_groups (tenant_id, id, context_id, external_id)
    SELECT tenant_id, id, context_id, external_id FROM transactions WHERE tenant_id = :tenant AND context_id = :context`);
  await run(`INSERT INTO match_group_items (tenant_id, match_group_id, transaction_id, amount)
    SELECT tenant_id, id, id, amount FROM transactions WHERE tenant_id = :tenant AND context_id = :context`);
  await run(`INSERT INTO fee_variances (tenant_id, context_id, external_id, source_id, transaction_id, fee_schedule_id, fee_schedule_name, currency, expected, actual)
    SELECT tenant_id, context_id, external_id, source_id, id, 'f', 'F', 'EUR', 1, 2 FROM transactions WHERE tenant_id = :tenant AND context_id = :context`);
  await run(`INSERT INTO exceptions (tenant_id, id, context_id, transaction_id, severity, created_at)
    SELECT tenant_id, id, context_id, id, 'HIGH', date FROM transactions WHERE tenant_id = :tenant AND context_id = :context`);
  await run(`INSERT INTO disputes (tenant_id, context_id, exception_id, category, state, description, opened_by)
    SELECT tenant_id, context_id, id, 'OTHER', 'OPEN', 'd', 'me' FROM exceptions WHERE tenant_id = :tenant AND context_id = :context`);
}

type Plan = {
  "Plan Rows": number;
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Rows Removed by Join Filter"?: number;
  Plans?: Plan[];
};

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

async function planOf(sql: string, client: Client = session, options = ""): Promise<Plan[]> {
  const { rows } = await client.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(
    `EXPLAIN (${options}FORMAT JSON) ${sql}`,
  );
  return nodesOf(rows[0]!["QUERY PLAN"][0].Plan);
}

/** The tables that the plan scans sequentially, except for sources, which fit in one page. */
const scannedTables = (nodes: readonly Plan[]): string[] =>
  nodes
    .filter((node) => node["Node Type"] === "Seq Scan" && node["Relation Name"] !== "sources")
    .map((node) => node["Relation Name"] ?? "?");

const specOf = (reportType: ReportType): Omit<ExportSpec, "format"> => ({
  reportType,
  contextId,
  dateFrom: "2026-01-01",
  dateTo: "2026-01-31",
});

/** The SELECT inside a COPY. EXPLAIN does not accept COPY. */
const selectOf = (copy: string): string =>
  copy.slice("COPY (".length, copy.lastIndexOf(") TO STDOUT"));

describe("a report's plan as the apps' role", () => {
  it.each(REPORT_TYPES)("scans no table for %s of a small context", async (reportType) => {
    const query = reportQuery(specOf(reportType), escapeLiteral);
    expect(scannedTables(await planOf(selectOf(query.copySql)))).toEqual([]);
    expect(scannedTables(await planOf(query.recountSql))).toEqual([]);
  });

  it.each([
    ["UNMATCHED", "transactions_not_matched"],
    ["EXCEPTIONS", "exceptions_by_creation"],
  ] as const)("uses for %s the index %s", async (reportType, index) => {
    const query = reportQuery(specOf(reportType), escapeLiteral);
    const nodes = await planOf(selectOf(query.copySql));
    expect(nodes.map((node) => node["Index Name"])).toContain(index);
  });

  it("leaves out of the count the joins that only add columns", async () => {
    const read = async (reportType: ReportType): Promise<(string | undefined)[]> => {
      const nodes = await planOf(reportQuery(specOf(reportType), escapeLiteral).recountSql);
      return nodes.map((node) => node["Relation Name"]).filter((name) => name !== undefined);
    };
    expect(await read("UNMATCHED")).toEqual(["transactions"]);
    expect(await read("EXCEPTIONS")).toEqual(["exceptions"]);
    expect(await read("MATCHED")).toEqual(["matched_items"]);
  });
});

describe("a report in the order of indexes", () => {
  it.each([
    ["MATCHED", ["matched_items_pkey", "transactions_by_date"]],
    ["UNMATCHED", ["exceptions_in_order", "transactions_not_matched"]],
  ] as const)(
    "merges two ordered index scans for %s, whatever the planner expects",
    async (reportType, indexes) => {
      const source = await sourceOf(contextId);
      const specs = [
        specOf(reportType),
        { ...specOf(reportType), sourceId: source },
        { ...specOf(reportType), contextId: largeContextId },
      ];
      const expectMerges = async (client: Client): Promise<void> => {
        for (const spec of specs) await expectOrderedMerge(client, spec, indexes);
      };
      await session.query("BEGIN");
      await expectMerges(session);
      await session.query("ROLLBACK");
      await withoutStatistics(expectMerges);
    },
  );

  it("does not read the exceptions for a file of UNMATCHED without their columns", async () => {
    const columns = ["transaction_id", "amount"];
    const query = reportQuery({ ...specOf("UNMATCHED"), columns }, escapeLiteral);
    const nodes = await planOf(selectOf(query.copySql));
    expect(nodes.map((node) => node["Relation Name"])).not.toContain("exceptions");
  });
});

const sourceOf = async (context: string): Promise<string> => {
  const sql = "SELECT id FROM sources WHERE context_id = $1";
  return (await session.query<{ id: string }>(sql, [context])).rows[0]!.id;
};

async function expectOrderedMerge(
  client: Client,
  spec: Omit<ExportSpec, "format">,
  indexes: readonly string[],
): Promise<void> {
  const query = reportQuery(spec, escapeLiteral);
  await client.query(query.plannerSql!);
  const nodes = await planOf(selectOf(query.copySql), client);
  const types = nodes.map((node) => node["Node Type"]);
  expect(types).toContain("Merge Join");
  // The first index has all columns of its table that the report shows.
  expect(types).toContain("Index Only Scan");
  expect(types.filter((type) => /Sort|Gather|Seq Scan|Hash/.test(type))).toEqual([]);
  const used = nodes.map((node) => node["Index Name"]).filter((name) => name !== undefined);
  expect(used.toSorted()).toEqual(indexes);
}

describe("a report's plan without statistics", () => {
  it.each(REPORT_TYPES)(
    "has no nested loops over the rows of %s once they are turned off",
    async (reportType) => {
      await withoutStatistics(async (client) => {
        await client.query("SET LOCAL enable_nestloop = off");
        const query = reportQuery(specOf(reportType), escapeLiteral);
        for (const sql of [selectOf(query.copySql), query.recountSql]) {
          const nodes = await planOf(sql, client);
          const loops = nodes.filter((node) => node["Node Type"] === "Nested Loop");
          // The latest dispute of each exception is an index lookup.
          const lateral = reportType === "EXCEPTIONS" && sql !== query.recountSql ? 1 : 0;
          expect(loops).toHaveLength(lateral);
        }
      });
    },
  );

  it.each(REPORT_TYPES)(
    "underestimates the driver rows of %s, which the driver query reveals",
    async (reportType) => {
      await withoutStatistics(async (client) => {
        const { driverSql } = reportQuery(specOf(reportType), escapeLiteral);
        const [plan] = await planOf(driverSql, client);
        const { rows } = await client.query<{ count: string }>(
          `SELECT count(*) FROM (${driverSql} LIMIT 1000) counted`,
        );
        expect(plan!["Plan Rows"] * 10).toBeLessThan(Number(rows[0]!.count));
      });
    },
  );
});

it("finds the latest of many disputes of one exception without comparing them with each other", async () => {
  const crowded = randomUUID();
  const disputes = 4_000;
  const owner = new Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await fill(owner, tenantId, crowded, 1);
  await owner.query(
    `INSERT INTO disputes (tenant_id, context_id, exception_id, category, state, description, opened_by)
     SELECT tenant_id, context_id, id, 'OTHER', 'OPEN', 'd', 'me' FROM exceptions, generate_series(2, $2::int)
     WHERE context_id = $1`,
    [crowded, disputes],
  );
  // Moves the older ones behind the latest one.
  await owner.query(
    "UPDATE disputes SET version = version + 1 WHERE context_id = $1 AND ctid < (SELECT max(ctid) FROM disputes WHERE context_id = $1)",
    [crowded],
  );
  await owner.query("ANALYZE disputes");
  await owner.end();
  const { copySql } = reportQuery({ ...specOf("EXCEPTIONS"), contextId: crowded }, escapeLiteral);
  await session.query("BEGIN; SET LOCAL enable_nestloop = off");
  const nodes = await planOf(selectOf(copySql), session, "ANALYZE, ");
  await session.query("ROLLBACK");
  const discarded = nodes.map((node) => node["Rows Removed by Join Filter"] ?? 0);
  expect(Math.max(...discarded)).toBeLessThan(disputes);
});

/** Runs `action` as the apps' role on a database without statistics, then restores them. */
async function withoutStatistics(action: (session: Client) => Promise<void>): Promise<void> {
  const admin = new Client({ connectionString: database.superuserUrl });
  await admin.connect();
  try {
    await admin.query("BEGIN");
    await admin.query("DELETE FROM pg_statistic WHERE starelid::regclass::text !~ '^pg_'");
    await admin.query("SET LOCAL ROLE docket_app");
    await admin.query("SELECT set_config('app.tenant', $1, true)", [tenantId]);
    await action(admin);
  } finally {
    await admin.query("ROLLBACK");
    await admin.end();
  }
}
