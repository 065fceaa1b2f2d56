import { randomUUID } from "node:crypto";
import type { ExportFilters } from "@docket/domain";
import { rowsReadBy, scanOf, sequentialScans, sortsIn } from "@docket/testing";
import pg from "pg";
import type { Window } from "../../src/lists/newest-first.ts";
import { createExport } from "../../src/exports/create.ts";
import { listExports } from "../../src/exports/list.ts";
import { createStage, type Stage } from "../support/stage.ts";
import { plansOf } from "../support/plans.ts";

/** The cost of a page of export jobs, and of a create, does not grow with the tenant's number of finished jobs. */
const tenantId = randomUUID();
const [contextId, otherId] = [randomUUID(), randomUUID()];

let api: Stage;

/** Each list is long, but a small part of the table, so that only its own index is cheap. */
const LISTS = `INSERT INTO export_jobs (tenant_id, context_id, report_type, format, date_from, date_to, status, requested_by, created_at)
  SELECT $1::uuid, CASE WHEN n % 20 = 7 THEN $2::uuid ELSE $3::uuid END, 'MATCHED', 'CSV', '2026-01-01', '2026-01-31',
    CASE WHEN n % 20 = 0 THEN 'CANCELED' WHEN n % 1000 = 1 THEN 'QUEUED' ELSE 'EXPIRED' END, 'me',
    timestamptz '2026-01-01Z' + n * interval '1 minute' FROM generate_series(1, 20000) n`;

/** Queued jobs of many other tenants. */
const CROWD = `WITH crowd AS (INSERT INTO contexts (tenant_id, name) SELECT gen_random_uuid(), 'c' FROM generate_series(1, 500) RETURNING tenant_id, id)
  INSERT INTO export_jobs (tenant_id, context_id, report_type, format, date_from, date_to, status, requested_by)
  SELECT tenant_id, id, 'MATCHED', 'CSV', '2026-01-01', '2026-01-31', 'QUEUED', 'me' FROM crowd, generate_series(1, 20)`;

/** Unfinished jobs of the tenant itself. */
const BACKLOG = `INSERT INTO export_jobs (tenant_id, context_id, report_type, format, date_from, date_to, requested_by, turn)
  SELECT $1::uuid, $2::uuid, 'MATCHED', 'CSV', '2026-01-01', '2026-01-31', 'me', n FROM generate_series(1, 5000) n`;

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

describe("creating an export", () => {
  it.each([
    ["without a limit of unfinished exports", 0, undefined],
    ["above the limit of unfinished exports", 100, "too_many_active_exports"],
  ])("reads few rows %s, however many there are", async (_, maxActive, code) => {
    await owner.query(CROWD);
    await owner.query(BACKLOG, [tenantId, contextId]);
    await owner.query("VACUUM ANALYZE export_jobs");
    const spec = { contextId, reportType: "MATCHED", format: "CSV" } as const;
    const days = { dateFrom: "2026-01-01", dateTo: "2026-01-02" };
    const by = { actor: "me", requestId: "r" };
    const limits = { isStorageConfigured: true, maxActive };
    const before = { beforeCommit: async () => undefined, needsTransaction: true };
    let refusal: unknown;
    const plans = await plansOf(api, tenantId, "export_jobs", (__, database) =>
      createExport(database, { ...spec, ...days }, by, limits, before).catch((error: unknown) => {
        refusal = error;
      }),
    );
    expect((refusal as { code?: string } | undefined)?.code).toBe(code);
    expect(sequentialScans(plans)).toEqual([]);
    expect(plans.map((node) => node["Index Name"])).toContain("export_jobs_unfinished_of_tenant");
    expect(rowsReadBy(plans)).toBeLessThanOrEqual(100);
  });
});
