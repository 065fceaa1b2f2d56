import { randomUUID } from "node:crypto";
import { Prisma, withTenant, type Transaction } from "@docket/platform/database";
import pg from "pg";
import { orderOf, positionOf } from "../../src/lists/keyset.ts";
import { listContexts } from "../../src/services/contexts.ts";
import { EXCEPTION_SORTS, listExceptions, type ExceptionSort } from "../../src/services/exceptions.ts";
import { listSources } from "../../src/services/sources.ts";
import { createApi, type TestApi } from "../support/api.ts";

/**
 * A page costs a page, not the list: EXPLAIN as the apps' role, since under row-level security the planner may only use
 * indexes whose comparisons are leakproof, and an owner's plan would not show that.
 */
const tenantId = randomUUID();
const [contextId, otherId] = [randomUUID(), randomUUID()];
const MANY = 20_000;

let api: TestApi;

beforeAll(async () => {
  api = await createApi();
  const owner = new pg.Client({ connectionString: api.test.ownerUrl });
  await owner.connect();
  // The same tenant's other context, and another tenant's.
  await fill(owner, tenantId, otherId, MANY);
  await fill(owner, randomUUID(), randomUUID(), MANY);
  await fill(owner, tenantId, contextId, 50);
  await owner.query("ANALYZE");
  await owner.end();
});

afterAll(() => api.close());

async function fill(owner: pg.Client, tenant: string, context: string, rows: number): Promise<void> {
  const run = (sql: string): Promise<unknown> =>
    owner.query(sql.replaceAll(":tenant", `'${tenant}'::uuid`).replaceAll(":context", `'${context}'::uuid`));
  await run(`INSERT INTO contexts (tenant_id, id, name) VALUES (:tenant, :context, :context::text)`);
  await run(`INSERT INTO contexts (tenant_id, name) SELECT :tenant, :context::text || n FROM generate_series(1, 3000) n`);
  await run(`INSERT INTO sources (tenant_id, context_id, name, type, side) SELECT :tenant, :context, 'S' || n, 'BANK', 'LEFT'
    FROM generate_series(1, 3000) n`);
  await run(`INSERT INTO transactions (tenant_id, context_id, source_id, external_id, amount, currency, date)
    SELECT :tenant, :context, (SELECT id FROM sources WHERE context_id = :context LIMIT 1), 'T-' || n, n, 'EUR', now()
    FROM generate_series(1, ${rows}) n`);
  await run(`INSERT INTO exceptions (tenant_id, context_id, transaction_id, severity, status, due_at, created_at)
    SELECT tenant_id, context_id, id, (ARRAY['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'])[1 + n % 4],
      CASE WHEN n % 50 = 0 THEN 'OPEN' ELSE 'RESOLVED' END,
      CASE WHEN n % 3 > 0 THEN timestamptz '2026-04-01Z' + n * interval '1 hour' END, timestamptz '2026-01-01Z' + n * interval '1 minute'
    FROM (SELECT *, substr(external_id, 3)::int AS n FROM transactions WHERE context_id = :context) t`);
  await run(`INSERT INTO disputes (tenant_id, context_id, exception_id, category, state, description, opened_by)
    SELECT tenant_id, context_id, id, 'OTHER', 'OPEN', 'd', 'me' FROM exceptions WHERE context_id = :context`);
}

type Plan = { "Node Type": string; "Relation Name"?: string; "Index Name"?: string; "Index Cond"?: string; Plans?: Plan[] };

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** Runs a list as the API does, and explains every SELECT that it sends. */
async function plansOf(list: (within: Transaction) => Promise<unknown>): Promise<Plan[]> {
  const { pool, prisma } = api.context.database;
  const sent: { text: string; values: unknown[] }[] = [];
  return withTenant(tenantId, async () => {
    const spy = jest.spyOn(pg.Client.prototype, "query").mockImplementation(recording(sent));
    await list(prisma as unknown as Transaction).finally(() => spy.mockRestore());
    const plans: Plan[] = [];
    for (const { text, values } of sent.filter((each) => /^\s*SELECT/i.test(each.text) && /FROM/.test(each.text))) {
      const { rows } = await pool.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(`EXPLAIN (FORMAT JSON) ${text}`, values);
      plans.push(...nodesOf(rows[0]!["QUERY PLAN"][0].Plan));
    }
    expect(plans.length).toBeGreaterThan(0);
    return plans;
  });
}
