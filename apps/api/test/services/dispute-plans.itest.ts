import { randomUUID } from "node:crypto";
import { createDatabase, withTenant, type Database } from "@docket/platform/database";
import { createTestDatabase, type TestDatabase } from "@docket/platform/testing";
import pg from "pg";
import {
  listDisputes,
  type DisputeFilters,
  type DisputeSort,
} from "../../src/services/dispute-list.ts";

const ROWS = 100_000;
const tenantId = randomUUID();
const contextId = randomUUID();
let test: TestDatabase;
let database: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  const superuser = new pg.Client({ connectionString: test.superuserUrl });
  await superuser.connect();
  await superuser.query("SET session_replication_role = replica");
  await superuser.query(
    `INSERT INTO disputes (tenant_id, context_id, exception_id, category, state, description, opened_by, created_at, updated_at,
                           resolution, closed_by, closed_at)
     SELECT CASE WHEN n % 10 = 0 THEN gen_random_uuid() ELSE $1::uuid END, CASE WHEN n % 100 = 1 THEN $2::uuid ELSE gen_random_uuid() END,
            gen_random_uuid(), (ARRAY['BANK_FEE_ERROR', 'UNRECOGNIZED_CHARGE', 'DUPLICATE_TRANSACTION', 'OTHER'])[1 + n % 4],
            CASE WHEN n % 100 = 1 THEN 'OPEN' ELSE 'WON' END, 'd', 'alice',
            '2026-01-01Z'::timestamptz + n * interval '1 minute', '2026-01-01Z'::timestamptz + (n * 7 % $3) * interval '1 minute',
            CASE WHEN n % 100 <> 1 THEN 'r' END, CASE WHEN n % 100 <> 1 THEN 'x' END, CASE WHEN n % 100 <> 1 THEN now() END
     FROM generate_series(1, $3::int) n`,
    [tenantId, contextId, ROWS],
  );
  await superuser.query("ANALYZE disputes");
  await superuser.end();
  database = createDatabase({
    url: test.appUrl,
    poolSize: 1,
    applicationName: "plans",
    statementTimeoutMs: 30_000,
  });
});

afterAll(async () => {
  await database.close();
  await test.drop();
});

type Case = { by: DisputeSort; descending: boolean; filters?: DisputeFilters; index: string };

/** The plan of a page in the middle of the list, as the apps' role. */
const planOf = async ({ by, descending, filters = {} }: Case): Promise<string> =>
  withTenant(tenantId, () =>
    database.transaction(async (within) => {
      const order = { by, descending };
      const middle = {
        createdAt: "2026-02-01T00:00:00.000Z",
        updatedAt: "2026-02-01T00:00:00.000Z",
      };
      const id = "01900000-0000-7000-8000-000000000000";
      const value = { ...middle, state: 3, category: 1, id }[by];
      let plan = "";
      const explain = async (
        [first = "", ...rest]: TemplateStringsArray,
        ...values: unknown[]
      ): Promise<unknown[]> => {
        const parts = [`EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF) ${first}`, ...rest];
        const query = Object.assign(parts, { raw: parts });
        const rows = await within.$queryRaw<Record<string, string>[]>(query, ...values);
        plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
        return [];
      };
      const explaining = { $queryRaw: explain } as unknown as typeof within;
      await listDisputes(explaining, filters, order, { limit: 20, after: { value, id } });
      return plan;
    }),
  );

describe("a page of the disputes list", () => {
  it.each<Case>([
    { by: "createdAt", descending: true, index: "disputes_by_creation" },
    { by: "createdAt", descending: false, index: "disputes_by_creation" },
    { by: "updatedAt", descending: true, index: "disputes_by_update" },
    { by: "state", descending: false, index: "disputes_by_state" },
    { by: "state", descending: true, index: "disputes_by_state" },
    { by: "category", descending: true, index: "disputes_by_category" },
    { by: "id", descending: false, index: "disputes_pkey" },
    {
      by: "createdAt",
      descending: true,
      filters: { state: ["OPEN"] },
      index: "disputes_by_state_and_creation",
    },
    { by: "createdAt", descending: true, filters: { contextId }, index: "disputes_by_context" },
  ])("reads little, by $by (descending: $descending, $filters): $index", async (wanted) => {
    const plan = await planOf(wanted);
    expect(plan).toMatch(
      new RegExp(`Index (Only )?Scan (Backward )?using ${wanted.index} on disputes`),
    );
    expect(plan).not.toMatch(/Seq Scan/);
    const buffers = [
      ...plan
        .split("Planning:", 1)[0]!
        .matchAll(/Buffers: shared (?:hit=(\d+))?\s?(?:read=(\d+))?/g),
    ];
    const most = Math.max(...buffers.map(([, hit = 0, read = 0]) => Number(hit) + Number(read)));
    expect(most).toBeLessThan(200);
  });
});
