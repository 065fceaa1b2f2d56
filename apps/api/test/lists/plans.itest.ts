import { randomUUID } from "node:crypto";
import type { ExceptionFilters } from "@docket/domain";
import { withTenant } from "@docket/platform/database";
import { rowsReadBy, scanOf, sequentialScans, sortsIn, type PlanNode } from "@docket/testing";
import pg from "pg";
import { sortedPage, sortedWindow, type SortedQuery } from "../../src/lists/keyset.ts";
import { listContexts } from "../../src/contexts/service.ts";
import { EXCEPTION_SORTS, listExceptions } from "../../src/exceptions/list.ts";
import { listSources } from "../../src/sources/service.ts";
import { createStage, type Stage } from "../support/stage.ts";
import { plansOf } from "../support/plans.ts";
import type { ListPage } from "../support/lists.ts";

/** The cost of a page does not depend on the length of the list. */
const tenantId = randomUUID();
const [contextId, otherId] = [randomUUID(), randomUUID()];
const MANY = 20_000;
const NOW = new Date("2026-05-01");

let api: Stage;

beforeAll(async () => {
  api = await createStage();
  const owner = new pg.Client({ connectionString: api.testDatabase.ownerUrl });
  await owner.connect();
  // Another context of the same tenant, and one of another tenant.
  await fill(owner, tenantId, otherId, MANY);
  await fill(owner, randomUUID(), randomUUID(), MANY);
  await fill(owner, tenantId, contextId, 50);
  await owner.query("ANALYZE");
  await owner.end();
});

afterAll(() => api.close());

async function fill(
  owner: pg.Client,
  tenant: string,
  context: string,
  rows: number,
): Promise<void> {
  const run = (sql: string): Promise<unknown> =>
    owner.query(
      sql.replaceAll(":tenant", `'${tenant}'::uuid`).replaceAll(":context", `'${context}'::uuid`),
    );
  await run(
    `INSERT INTO contexts (tenant_id, id, name) VALUES (:tenant, :context, :context::text)`,
  );
  await run(
    `INSERT INTO contexts (tenant_id, name) SELECT :tenant, :context::text || n FROM generate_series(1, 3000) n`,
  );
  await run(`INSERT INTO sources (tenant_id, context_id, name, type, side) SELECT :tenant, :context, 'S' || n, 'BANK', 'LEFT'
    FROM generate_series(1, 3000) n`);
  await run(`INSERT INTO transactions (tenant_id, context_id, source_id, external_id, amount, currency, date)
    SELECT :tenant, :context, (SELECT id FROM sources WHERE context_id = :context LIMIT 1), 'T-' || n, n, 'EUR', now()
    FROM generate_series(1, ${rows}) n`);
  await run(`INSERT INTO exceptions (tenant_id, context_id, transaction_id, severity, status, due_at, created_at)
    SELECT tenant_id, context_id, id, (ARRAY['LOW', 'MEDIUM', 'HIGH'])[1 + n % 3],
      CASE WHEN n % 50 = 0 THEN 'OPEN' ELSE 'RESOLVED' END,
      CASE WHEN n % 3 > 0 THEN timestamptz '2026-04-01Z' + n * interval '1 hour' END, timestamptz '2026-01-01Z' + n * interval '1 minute'
    FROM (SELECT *, substr(external_id, 3)::int AS n FROM transactions WHERE context_id = :context) t`);
  await run(`INSERT INTO disputes (tenant_id, context_id, exception_id, category, state, description, opened_by)
    SELECT tenant_id, context_id, id, 'OTHER', 'OPEN', 'd', 'me' FROM exceptions WHERE context_id = :context`);
}

async function collect<Row>(rows: AsyncIterable<Row>): Promise<Row[]> {
  const collected: Row[] = [];
  for await (const row of rows) collected.push(row);
  return collected;
}

const exceptions = (
  filters: ExceptionFilters,
  query: SortedQuery,
): Promise<readonly PlanNode[]> => {
  const window = sortedWindow(EXCEPTION_SORTS, query, {});
  return plansOf(api, tenantId, "exceptions", (tx) =>
    collect(listExceptions(tx, filters, window, NOW)),
  );
};

describe("GET /v1/exceptions", () => {
  it.each([
    ["createdAt", "exceptions_by_tenant"],
    ["updatedAt", "exceptions_by_update"],
    ["severity", "exceptions_by_severity"],
    ["status", "exceptions_by_status"],
    ["dueAt", "exceptions_by_due"],
    ["amount", "exceptions_by_amount"],
    ["id", "exceptions_pkey"],
  ] as const)("sorted by %s starts its scan of %s at the cursor", async (by, index) => {
    for (const sort of [by, `-${by}`]) {
      const query = { limit: 20, sort };
      const rows = await withTenant(tenantId, () =>
        collect(
          listExceptions(
            api.context.database.prisma,
            {},
            sortedWindow(EXCEPTION_SORTS, query, {}),
            NOW,
          ),
        ),
      );
      const { bytes } = await sortedPage(rows, EXCEPTION_SORTS, query, {}, ({ id }) => id);
      const { nextCursor = "" } = JSON.parse(bytes.toString()) as ListPage<string>;
      for (const cursor of [{}, { cursor: nextCursor }]) {
        const plans = await exceptions({}, { ...query, ...cursor });
        expect([...sequentialScans(plans), ...sortsIn(plans)]).toEqual([]);
        const scan = scanOf(plans, "exceptions");
        expect(scan["Index Name"]).toBe(index);
        // The tenant, and the cursor if there is one.
        const conditions = scan["Index Cond"]!.split(" AND ").length;
        expect(conditions > 1).toBe("cursor" in cursor);
      }
    }
  });

  it("looks up the transaction, its source and the disputes by index", async () => {
    const plans = await exceptions({}, { limit: 20, sort: "-createdAt" });
    const index = (relation: string): string | undefined => scanOf(plans, relation)["Index Name"];
    expect([index("transactions"), index("sources")]).toEqual([
      "transactions_pkey",
      "sources_pkey",
    ]);
    expect(index("disputes")).toBe("disputes_by_exception");
  });

  it.each(["createdAt", "-updatedAt", "severity", "-status", "dueAt", "id"])(
    "of a small context, sorted by %s, reads no table sequentially",
    async (sort) => {
      const plans = await exceptions({ contextId }, { limit: 20, sort });
      expect(sequentialScans(plans)).toEqual([]);
      // An index scan or a bitmap scan, depending on the statistics.
      expect(plans.map((node) => node["Index Name"])).toContainEqual(
        expect.stringMatching(/^exceptions_/),
      );
    },
  );

  it.each<[ExceptionFilters, string, string]>([
    [{ assignedTo: "kim" }, "-createdAt", "exceptions_by_assignee"],
    [{ currency: "JPY" }, "-createdAt", "exceptions_by_currency"],
    [{ sourceId: randomUUID() }, "-createdAt", "exceptions_by_source"],
    [{ overdue: true }, "dueAt", "exceptions_unresolved_by_due"],
    [{ overdue: true }, "-createdAt", "exceptions_unresolved_by_due"],
    [{ dueBefore: "2026-04-01T00:00:00.000Z" }, "-createdAt", "exceptions_by_due"],
    [{ externalId: "T-7" }, "-createdAt", "exceptions_tenant_id_transaction_id_key"],
  ])("filtered by %j, sorted by %s, reads %s", async (filters, sort, index) => {
    const plans = await exceptions(filters, { limit: 20, sort });
    // A search by external ID reads the tenant's sources, which are most of the table here.
    expect(sequentialScans(plans).filter((table) => table !== "sources")).toEqual([]);
    expect(plans.map((node) => node["Index Name"])).toContain(index);
  });

  it.each<[ExceptionFilters, string]>([
    [{ severity: ["CRITICAL"] }, "exceptions_by_severity_and_creation"],
    [{ currency: "JPY" }, "exceptions_by_currency"],
  ])("filtered by %j, which matches nothing, reads no row", async (filters, index) => {
    const plans = await exceptions(filters, { limit: 20, sort: "-createdAt" });
    expect(scanOf(plans, "exceptions")["Index Name"]).toBe(index);
    // One row is that of the subquery which reads the tenant setting.
    expect(rowsReadBy(plans)).toBe(1);
  });

  it("finds an external ID by the transactions' unique key", async () => {
    const plans = await exceptions({ externalId: "T-7" }, { limit: 20, sort: "-createdAt" });
    expect(plans.map((node) => node["Index Name"])).toContain(
      "transactions_tenant_id_source_id_external_id_key",
    );
  });

  it("filtered by a rare status reads exceptions_by_status_and_creation", async () => {
    const plans = await exceptions({ status: ["ASSIGNED"] }, { limit: 20, sort: "-createdAt" });
    expect(scanOf(plans, "exceptions")["Index Name"]).toBe("exceptions_by_status_and_creation");
  });
});

describe("lists of contexts and sources", () => {
  const after = { createdAt: new Date("2026-01-01"), id: randomUUID() };

  it.each([{ take: 21 }, { take: 21, after }])("read an index in order, %j", async (window) => {
    const contexts = await plansOf(api, tenantId, "contexts", (tx) => listContexts(tx, window));
    expect(scanOf(contexts, "contexts")["Index Name"]).toBe("contexts_by_creation");
    expect([...sequentialScans(contexts), ...sortsIn(contexts)]).toEqual([]);
    const sources = await plansOf(api, tenantId, "sources", (tx) =>
      listSources(tx, contextId, window),
    );
    expect(scanOf(sources, "sources")["Index Name"]).toBe("sources_by_creation");
    expect([...sequentialScans(sources), ...sortsIn(sources)]).toEqual([]);
  });
});
