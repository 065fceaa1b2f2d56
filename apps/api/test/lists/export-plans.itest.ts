import { randomUUID } from "node:crypto";
import type { ExportFilters } from "@docket/domain";
import { withTenant, type Database } from "@docket/platform/database";
import pg from "pg";
import type { Window } from "../../src/lists/newest-first.ts";
import { createExport } from "../../src/services/create-export.ts";
import { listExports } from "../../src/services/export-job-list.ts";
import { createApi, type TestApi } from "../support/api.ts";

/** As in plans.itest.ts: a page of export jobs costs a page, and a create does not count the tenant's past. */
const tenantId = randomUUID();
const [contextId, otherId] = [randomUUID(), randomUUID()];

let api: TestApi;

beforeAll(async () => {
  api = await createApi();
  const owner = new pg.Client({ connectionString: api.test.ownerUrl });
  await owner.connect();
  // Many that are over, some that were canceled, some that wait; and other tenants', of which many wait.
  const past =
    "CASE WHEN n % 20 = 0 THEN 'CANCELED' WHEN n % 1000 = 1 THEN 'QUEUED' ELSE 'EXPIRED' END";
  for (const [tenant, context, jobs, status] of [
    [tenantId, otherId, 20_000, past],
    [tenantId, contextId, 50, past],
    ...Array.from(
      { length: 30 },
      () =>
        [
          randomUUID(),
          randomUUID(),
          1_000,
          "CASE WHEN n % 6 = 0 THEN 'QUEUED' ELSE 'EXPIRED' END",
        ] as const,
    ),
  ] as const) {
    await owner.query(
      "INSERT INTO contexts (tenant_id, id, name) VALUES ($1, $2::uuid, $2::uuid::text)",
      [tenant, context],
    );
    await owner.query(
      `INSERT INTO export_jobs (tenant_id, context_id, report_type, format, date_from, date_to, status, requested_by, created_at)
       SELECT $1, $2, 'MATCHED', 'CSV', '2026-01-01', '2026-01-31', ${status}, 'me',
         timestamptz '2026-01-01Z' + n * interval '1 minute' FROM generate_series(1, ${jobs}) n`,
      [tenant, context],
    );
  }
  await owner.query("VACUUM ANALYZE");
  await owner.end();
});

afterAll(() => api.close());

type Plan = {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  Plans?: Plan[];
};

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** The plan of the one statement that reads export jobs in `work`. */
async function plansOf(work: (database: Database) => Promise<unknown>): Promise<Plan[]> {
  const { database } = api.context;
  const spy = jest.spyOn(pg.Client.prototype, "query");
  return withTenant(tenantId, async () => {
    await work(database);
    const sent = spy.mock.calls
      .map(([query]) => query as unknown as pg.QueryConfig)
      .filter(({ text }) => /^\s*(SELECT|WITH)[^]*FROM[^]*export_jobs/i.test(text));
    spy.mockRestore();
    expect(sent).toHaveLength(1);
    const explain = { text: `EXPLAIN (FORMAT JSON) ${sent[0]!.text}`, values: sent[0]!.values };
    const { rows } = await database.pool.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(
      explain as never,
    );
    return nodesOf(rows[0]!["QUERY PLAN"][0].Plan);
  });
}

const indexes = (plans: readonly Plan[]): string[] =>
  plans.map((node) => node["Index Name"]).filter((name) => name !== undefined);

const listed = (filters: ExportFilters, window: Window): Promise<Plan[]> =>
  plansOf(({ prisma }) => listExports(prisma, filters, window));

const after = { createdAt: new Date("2026-01-08"), id: randomUUID() };

describe("lists of export jobs", () => {
  it.each([{ take: 21 }, { take: 21, after }])("read by an index, %j", async (window) => {
    for (const filters of [{}, { contextId }, { status: ["CANCELED"] }] as const) {
      const plans = await listed(filters, window);
      // The planner may prefer another index or a small sort as its statistics' sample falls; never the whole table.
      expect(indexes(plans)).not.toEqual([]);
      expect(plans.filter((node) => node["Node Type"] === "Seq Scan")).toEqual([]);
    }
  });
});

describe("creating an export", () => {
  it("counts the unfinished ones by index", async () => {
    const spec = { contextId, reportType: "MATCHED", format: "CSV" } as const;
    const days = { dateFrom: "2026-01-01", dateTo: "2026-01-02" };
    const by = { actor: "me", requestId: "r" };
    const offer = { storing: true, maxActive: 100 };
    const plans = await plansOf((database) =>
      createExport(database, { ...spec, ...days }, by, offer),
    );
    expect(indexes(plans)).not.toEqual([]);
    // A table of a page or two, such as the contexts here, is read as a whole and rightly so.
    const whole = plans.filter((node) => node["Node Type"] === "Seq Scan");
    expect(whole.map((node) => node["Relation Name"])).not.toContain("export_jobs");
  });
});
