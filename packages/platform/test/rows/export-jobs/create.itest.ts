import { randomUUID } from "node:crypto";
import { createExportJobs, type NewExportJob } from "../../../src/rows/index.ts";
import { createRowsStage, type RowsTenant } from "../stage.ts";

const stage = createRowsStage();
let tenant: RowsTenant;
beforeEach(async () => {
  tenant = await stage.addTenant();
});

const LIMITS = { isStorageConfigured: true, maxActive: 0 };

const request = (actor: string, spec: Partial<NewExportJob["spec"]> = {}): NewExportJob => ({
  spec: {
    contextId: tenant.contextId,
    reportType: "MATCHED",
    format: "CSV",
    dateFrom: "2026-01-01",
    dateTo: "2026-01-31",
    ...spec,
  },
  by: { actor, requestId: `request of ${actor}` },
});

const create = (requests: readonly NewExportJob[], limits = LIMITS) =>
  tenant.run(() => createExportJobs(stage.database, requests, limits));

describe("export jobs that are created together", () => {
  it("have their own fields and events, and turns in the order of the requests", async () => {
    const zone = { timeZone: "Europe/Berlin", from: 1_767_222_000, until: 1_769_900_400 };
    const { id: sourceId } = await tenant.run(() =>
      stage.database.prisma.source.create({
        data: {
          tenantId: tenant.tenantId,
          contextId: tenant.contextId,
          name: "Bank",
          type: "BANK",
          side: "LEFT",
        },
      }),
    );
    const wide = {
      reportType: "UNMATCHED",
      format: "JSON",
      dateFrom: "2026-02-03",
      dateTo: "2026-02-04",
      sourceId,
      columns: ["date", "amount"],
      compression: "GZIP",
      zone,
    } as const;
    const outcomes = await create([request("ann"), request("Zoë 😀 \"'\\", wide), request("cy")]);
    expect(outcomes).toMatchObject([
      { status: "QUEUED", claim: 0, turn: 1, tenantId: tenant.tenantId },
      { turn: 2 },
      { turn: 3 },
    ]);
    const ids = outcomes.map((outcome) => (outcome as { readonly id: string }).id);
    const { rows: jobs } = await stage.owner.query(
      `SELECT to_jsonb(j) AS job, extract(epoch FROM range_from)::int AS "from", extract(epoch FROM range_until)::int AS "until"
       FROM export_jobs j WHERE id = ANY ($1::uuid[]) ORDER BY turn`,
      [ids],
    );
    const usual = {
      report_type: "MATCHED",
      format: "CSV",
      date_from: "2026-01-01",
      date_to: "2026-01-31",
      source_id: null,
      columns: [],
      compression: null,
      time_zone: null,
    };
    expect(jobs).toMatchObject([
      { job: { ...usual, requested_by: "ann", request_id: "request of ann" }, from: null },
      {
        job: {
          report_type: "UNMATCHED",
          format: "JSON",
          date_from: "2026-02-03",
          date_to: "2026-02-04",
          source_id: sourceId,
          columns: ["date", "amount"],
          compression: "GZIP",
          time_zone: "Europe/Berlin",
          requested_by: "Zoë 😀 \"'\\",
        },
        from: zone.from,
        until: zone.until,
      },
      { job: { ...usual, requested_by: "cy" }, until: null },
    ]);
    const { rows } = await stage.owner.query(
      "SELECT actor, request_id, subject, data ->> 'requestedBy' AS requester FROM audit_events WHERE tenant_id = $1 ORDER BY seq",
      [tenant.tenantId],
    );
    expect(rows).toEqual(
      ["ann", "Zoë 😀 \"'\\", "cy"].map((actor, n) => ({
        actor,
        request_id: `request of ${actor}`,
        subject: `/v1/export-jobs/${ids[n]}`,
        requester: actor,
      })),
    );
  });

  it("are refused one by one", async () => {
    const outcomes = await create([
      request("a", { contextId: randomUUID() }),
      request("b"),
      request("c", { sourceId: randomUUID() }),
      request("d"),
    ]);
    expect(outcomes).toMatchObject([
      "context_not_found",
      { turn: 1 },
      "source_not_in_context",
      { turn: 2 },
    ]);
  });

  it("fill the limit of unfinished jobs in the order of the requests, and leave no event of the others", async () => {
    await tenant.insertJob();
    const limits = { isStorageConfigured: true, maxActive: 3 };
    const outcomes = await create(
      ["a", "b", "c", "d"].map((actor) => request(actor)),
      limits,
    );
    expect(outcomes).toMatchObject([
      { turn: 2 },
      { turn: 3 },
      "too_many_active",
      "too_many_active",
    ]);
    const { rows } = await stage.owner.query(
      "SELECT actor FROM audit_events WHERE tenant_id = $1 ORDER BY seq",
      [tenant.tenantId],
    );
    expect(rows).toEqual([{ actor: "a" }, { actor: "b" }]);
  });

  it("cannot be created in the context of another tenant", async () => {
    const { contextId } = await stage.addTenant();
    expect(await create([request("a", { contextId }), request("b")])).toMatchObject([
      "context_not_found",
      { turn: 1 },
    ]);
  });
});
