import { randomUUID } from "node:crypto";
import { Client, escapeLiteral } from "pg";
import { REPORT_TYPES, type ExportSpec, type ReportType } from "@docket/domain";
import { createTestDatabase, type TestDatabase } from "@docket/testing";
import { reportQuery } from "@docket/reports";
import { exportSession } from "./exporter.ts";

/**
 * A small context in tables full of others must not be looked for in all of them. Run as the apps' role: under a policy
 * the planner may only use indexes whose comparisons are leakproof, and an owner's plan would not show that.
 */
const tenantId = randomUUID();
const contextId = randomUUID();
const MANY = 30_000;
const FEW = 50;

let database: TestDatabase;
let session: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  const owner = new Client({ connectionString: database.ownerUrl });
  await owner.connect();
  // The same tenant's other context, and another tenant's.
  await fill(owner, tenantId, randomUUID(), MANY);
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

/** `rows` transactions, each with a match group of its own, a fee, an exception and a dispute; half of them are matched. */
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
  Plans?: Plan[];
};

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

async function planOf(sql: string, asked: Client = session): Promise<Plan[]> {
  const { rows } = await asked.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(
    `EXPLAIN (FORMAT JSON) ${sql}`,
  );
  return nodesOf(rows[0]!["QUERY PLAN"][0].Plan);
}

/** The relations that are read whole. One page of sources is. */
const readWhole = (nodes: readonly Plan[]): string[] =>
  nodes
    .filter((node) => node["Node Type"] === "Seq Scan" && node["Relation Name"] !== "sources")
    .map((node) => node["Relation Name"] ?? "?");

const specOf = (reportType: ReportType): Omit<ExportSpec, "format"> => ({
  reportType,
  contextId,
  dateFrom: "2026-01-01",
  dateTo: "2026-01-31",
});

/** EXPLAIN takes the SELECT, not the COPY around it. */
const selectOf = (copy: string): string =>
  copy.slice("COPY (".length, copy.lastIndexOf(") TO STDOUT"));

describe("as the apps' role", () => {
  it.each(REPORT_TYPES)("%s of a small context reads no table whole", async (reportType) => {
    const query = reportQuery(specOf(reportType), escapeLiteral);
    for (const format of ["CSV", "JSON", "XML"] as const) {
      expect(readWhole(await planOf(selectOf(query.copySql(format))))).toEqual([]);
    }
    expect(readWhole(await planOf(query.countSql))).toEqual([]);
  });

  it.each([
    ["UNMATCHED", "transactions_not_matched"],
    ["EXCEPTIONS", "exceptions_by_creation"],
  ] as const)("%s reads %s", async (reportType, index) => {
    const query = reportQuery(specOf(reportType), escapeLiteral);
    const nodes = await planOf(selectOf(query.copySql("CSV")));
    expect(nodes.map((node) => node["Index Name"])).toContain(index);
  });

  it("counts without the joins that only columns need", async () => {
    const read = async (reportType: ReportType): Promise<(string | undefined)[]> => {
      const nodes = await planOf(reportQuery(specOf(reportType), escapeLiteral).countSql);
      return nodes.map((node) => node["Relation Name"]).filter((name) => name !== undefined);
    };
    expect(await read("UNMATCHED")).toEqual(["transactions"]);
    expect(await read("EXCEPTIONS")).toEqual(["exceptions"]);
    expect(new Set(await read("MATCHED"))).toEqual(
      new Set(["match_group_items", "match_groups", "transactions"]),
    );
  });
});

describe("without statistics", () => {
  it.each(REPORT_TYPES)(
    "%s joins linearly once nested loops are off, however few rows the planner expects",
    async (reportType) => {
      await withoutStatistics(async (unknowing) => {
        await unknowing.query("SET LOCAL enable_nestloop = off");
        const query = reportQuery(specOf(reportType), escapeLiteral);
        for (const sql of [selectOf(query.copySql("CSV")), query.countSql]) {
          const nodes = await planOf(sql, unknowing);
          const loops = nodes.filter((node) => node["Node Type"] === "Nested Loop");
          // The latest dispute is looked up by its index, once an exception.
          const lateral = reportType === "EXCEPTIONS" && sql !== query.countSql ? 1 : 0;
          expect(loops).toHaveLength(lateral);
        }
      });
    },
  );

  it.each(REPORT_TYPES)("%s can be told by its driver to be misjudged", async (reportType) => {
    await withoutStatistics(async (unknowing) => {
      const { driverSql } = reportQuery(specOf(reportType), escapeLiteral);
      const [plan] = await planOf(driverSql, unknowing);
      const { rows } = await unknowing.query<{ count: string }>(
        `SELECT count(*) FROM (${driverSql} LIMIT 1000) counted`,
      );
      expect(plan!["Plan Rows"] * 10).toBeLessThan(Number(rows[0]!.count));
    });
  });
});

/** A session of the apps' role on the database as it is before its first ANALYZE; everything is put back. */
async function withoutStatistics(action: (session: Client) => Promise<void>): Promise<void> {
  const superuser = new Client({ connectionString: database.superuserUrl });
  await superuser.connect();
  try {
    await superuser.query("BEGIN");
    await superuser.query("DELETE FROM pg_statistic WHERE starelid::regclass::text !~ '^pg_'");
    await superuser.query("SET LOCAL ROLE docket_app");
    await superuser.query("SELECT set_config('app.tenant', $1, true)", [tenantId]);
    await action(superuser);
  } finally {
    await superuser.query("ROLLBACK");
    await superuser.end();
  }
}
