import { randomUUID } from "node:crypto";
import type { ExportFilters } from "@docket/domain";
import { createDatabase, withTenant, type Database } from "@docket/platform/database";
import { createExportJobs, readExportJobs } from "@docket/platform/rows";
import { rowsReadBy, scanOf, sequentialScans, sortsIn } from "@docket/testing";
import pg from "pg";
import type { Window } from "../../src/lists/newest-first.ts";
import { listExports } from "../../src/exports/list.ts";
import { createStage, type Stage } from "../support/stage.ts";
import { plansOf } from "../support/plans.ts";

/** The cost of a page of export jobs, and of a create, does not grow with the tenant's number of finished jobs. */
const tenantId = randomUUID();
const [contextId, otherId] = [randomUUID(), randomUUID()];

let api: Stage;

/** Each list is long, but a small part of the table, so that only its own index is cheap. */
const LISTS = `INSERT INTO export_jobs (tenant_id, context_id, report_type, format, date_from, date_to, status, requested_by, created_at, finished_at)
  SELECT $1::uuid, CASE WHEN n % 20 = 7 THEN $2::uuid ELSE $3::uuid END, 'MATCHED', 'CSV', '2026-01-01', '2026-01-31',
    CASE WHEN n % 20 = 0 THEN 'CANCELED' WHEN n % 1000 = 1 THEN 'QUEUED' ELSE 'EXPIRED' END, 'me',
    timestamptz '2026-01-01Z' + n * interval '1 minute', CASE WHEN n % 1000 <> 1 THEN timestamptz '2026-01-01Z' + n * interval '1 minute' END
  FROM generate_series(1, 20000) n`;

/** Queued jobs of many other tenants. */
const CROWD = `WITH crowd AS (INSERT INTO contexts (tenant_id, name) SELECT gen_random_uuid(), 'c' FROM generate_series(1, 500) RETURNING tenant_id, id)
  INSERT INTO export_jobs (tenant_id, context_id, report_type, format, date_from, date_to, status, requested_by)
  SELECT tenant_id, id, 'MATCHED', 'CSV', '2026-01-01', '2026-01-31', 'QUEUED', 'me' FROM crowd, generate_series(1, 20)`;

/** Unfinished jobs of the tenant itself. */
const BACKLOG = `INSERT INTO export_jobs (tenant_id, context_id, report_type, format, date_from, date_to, requested_by, turn)
  SELECT $1::uuid, $2::uuid, 'MATCHED', 'CSV', '2026-01-01', '2026-01-31', 'me', n FROM generate_series(1, 5000) n`;

/** Jobs that ended long ago, and many that have just ended. */
const ENDED = `INSERT INTO export_jobs (tenant_id, context_id, report_type, format, date_from, date_to, status, requested_by, claim, turn, created_at, finished_at)
  SELECT $1::uuid, $2::uuid, 'MATCHED', 'CSV', '2026-01-01', '2026-01-31', 'CANCELED', 'me', 1, 1, now() - age, now() - age
  FROM (SELECT CASE WHEN n <= 1000 THEN interval '0' ELSE interval '1 day' END AS age FROM generate_series(1, 20000) n) ended`;

let owner: pg.Client;

beforeAll(async () => {
  api = await createStage();
  owner = new pg.Client({ connectionString: api.testDatabase.ownerUrl });
  await owner.connect();
  for (const tenant of [tenantId, randomUUID()]) {
    const contexts = tenant === tenantId ? [contextId, otherId] : [randomUUID(), randomUUID()];
    await owner.query(
      "INSERT INTO contexts (tenant_id, id, name) VALUES ($1, $2, 'one'), ($1, $3, 'two')",
      [tenant, ...contexts],
    );
    await owner.query(LISTS, [tenant, ...contexts]);
  }
  await owner.query("VACUUM ANALYZE export_jobs");
});

afterAll(async () => {
  await owner.end();
  await api.close();
});

/** What matches nothing. All jobs are MATCHED as CSV, and ended before. */
const NONE: readonly ExportFilters[] = [
  { reportType: ["VARIANCE"] },
  { format: ["XML"] },
  { reportType: ["MATCHED"], format: ["XML", "JSON"] },
  { finishedFrom: "2026-03-01T00:00:00.000Z" },
  { status: ["FAILED"], finishedFrom: "2026-03-01T00:00:00.000Z" },
  { contextId, format: ["XML"] },
];

const after = { createdAt: new Date("2026-01-08"), id: randomUUID() };

describe("a page of export jobs", () => {
  it.each<[ExportFilters, string]>([
    [{}, "export_jobs_by_creation"],
    [{ contextId }, "export_jobs_by_context"],
    [{ status: ["CANCELED"] }, "export_jobs_by_status"],
  ])("with the filters %j reads a small part of %s", async (filters, index) => {
    for (const window of [{ take: 21 }, { take: 21, after }] as readonly Window[]) {
      const plans = await plansOf(api, tenantId, "export_jobs", (tx) =>
        listExports(tx, filters, window),
      );
      expect([...sequentialScans(plans), ...sortsIn(plans)]).toEqual([]);
      expect(scanOf(plans, "export_jobs")["Index Name"]).toBe(index);
      expect(rowsReadBy(plans)).toBeLessThan(50);
    }
  });
});

describe("a page of export jobs without any", () => {
  it.each(NONE)("with the filters %j reads few rows", async (filters) => {
    const plans = await plansOf(api, tenantId, "export_jobs", (tx) =>
      listExports(tx, filters, { take: 21 }),
    );
    expect(sequentialScans(plans)).toEqual([]);
    expect(rowsReadBy(plans)).toBeLessThan(50);
  });
});

/** A pool of one connection, because each connection reports its own reads. */
const oneConnection = (): Database =>
  createDatabase({
    url: api.testDatabase.appUrl,
    poolSize: 1,
    applicationName: "test",
    statementTimeoutMs: 0,
  });

/** A prepared statement has its final plan from the sixth execution on. */
const EXECUTIONS = 12;

/** The rows of export_jobs that have been read. */
async function rowsRead({ pool }: Database): Promise<number> {
  await pool.query("SELECT pg_stat_force_next_flush()");
  const { rows } = await pool.query<{ read: string }>(
    `SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) AS read FROM pg_stat_user_tables WHERE relname = 'export_jobs'`,
  );
  return Number(rows[0]!.read);
}

describe("polling exports", () => {
  it.each([1, 100])("reads %d of them and no others, with a plan that is kept", async (count) => {
    const { rows } = await owner.query<{ id: string }>(
      "SELECT id FROM export_jobs WHERE tenant_id = $1 LIMIT $2",
      [tenantId, count],
    );
    const ids = rows.map(({ id }) => id);
    const database = oneConnection();
    const read = () => withTenant(tenantId, () => readExportJobs(database.pool, ids));
    for (let n = 0; n < EXECUTIONS; n++) await read();
    const readBefore = await rowsRead(database);
    expect((await read()).map((job) => job?.id)).toEqual(ids);
    expect((await rowsRead(database)) - readBefore).toBe(count);
    const { rows: prepared } = await database.pool.query(
      "SELECT generic_plans > 0 AS kept FROM pg_prepared_statements",
    );
    expect(prepared).toEqual([{ kept: true }]);
    await database.close();
  });
});

describe("creating an export", () => {
  const spec = { contextId, reportType: "MATCHED", format: "CSV" } as const;
  const days = { dateFrom: "2026-01-01", dateTo: "2026-01-02" };
  const by = { actor: "me", requestId: "r" };
  /** Its plans were made while the tables were small. */
  let database: Database;
  const request = { spec: { ...spec, ...days }, by };
  const create = async (maxActive: number): Promise<unknown> => {
    const limits = { isStorageConfigured: true, maxActive };
    const [outcome] = await withTenant(tenantId, () =>
      createExportJobs(database, [request], limits),
    );
    return outcome;
  };
  beforeAll(async () => {
    await owner.query("DELETE FROM export_jobs");
    await owner.query("VACUUM ANALYZE export_jobs");
    database = oneConnection();
    for (let n = 0; n < EXECUTIONS; n++) await create(n % 2 === 0 ? 0 : 100);
    await owner.query(CROWD);
    await owner.query(BACKLOG, [tenantId, contextId]);
    await owner.query(ENDED, [tenantId, contextId]);
  });

  afterAll(() => database.close());

  it.each([
    ["without a limit of unfinished exports", 0],
    ["above the limit of unfinished exports", 100],
  ])("reads few rows %s, however many there are", async (_, maxActive) => {
    const readBefore = await rowsRead(database);
    expect(await create(maxActive)).toEqual(
      maxActive === 0 ? expect.objectContaining({ status: "QUEUED" }) : "too_many_active",
    );
    // At most 100 unfinished jobs, and 256 that have just ended.
    expect((await rowsRead(database)) - readBefore).toBeLessThanOrEqual(400);
  });
});
