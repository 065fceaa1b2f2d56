import { randomUUID } from "node:crypto";
import { scanOf, sequentialScans } from "@docket/testing";
import pg from "pg";
import { summaryFigures } from "../../src/summary/service.ts";
import { plansOf } from "../support/plans.ts";
import { line } from "../support/records.ts";
import { createTenant } from "../support/tenant.ts";
import { useStage } from "../support/use-stage.ts";

const suite = useStage();

const DAY_MS = 86_400_000;
const RANGE = "dateFrom=2026-01-01&dateTo=2026-01-03";

type Summary = Record<string, any>; // oxlint-disable-line typescript/no-explicit-any -- any response of the API

const pathOf = (contextId = suite.tenant.contextId): string => `/v1/contexts/${contextId}/summary`;

const summary = async (query = RANGE): Promise<Summary> =>
  (await suite.tenant.caller.get(`${pathOf()}?${query}`).expect(200)).body;

const connectAsOwner = async (): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: suite.stage.testDatabase.ownerUrl });
  await client.connect();
  return client;
};

const dayOf = (instant: number): string => new Date(instant).toISOString().slice(0, 10);

/** Counts by label in the order of a response. */
const counts = (rows: readonly Record<string, unknown>[]): Record<string, unknown> =>
  Object.fromEntries(rows.map(({ count, ...label }) => [String(Object.values(label)[0]), count]));

describe("GET /v1/contexts/{contextId}/summary", () => {
  it("is all zero for an empty context, and defaults to the range of an export", async () => {
    const body = await summary("");
    const [now, asOf] = [Date.now(), Date.parse(body["asOf"])];
    expect(asOf % 1_000).toBe(0);
    expect(now - asOf).toBeLessThan(60_000);
    const dates = Array.from({ length: 31 }, (_, n) => dayOf(asOf + (n - 29) * DAY_MS));
    expect(body).toEqual({
      contextId: suite.tenant.contextId,
      dateFrom: dates[0],
      dateTo: dates.at(-1),
      asOf: body["asOf"],
      transactions: { total: 0, matched: 0, unmatched: 0, pendingReview: 0, ignored: 0 },
      amounts: [],
      daily: dates.map((date) => ({ date, total: 0, matched: 0 })),
      exceptions: {
        open: 0,
        overdue: 0,
        unassigned: 0,
        bySeverity: ["LOW", "MEDIUM", "HIGH", "CRITICAL"].map((severity) => ({
          severity,
          count: 0,
        })),
        byAge: ["0-7", "8-30", "31-90", "over-90"].map((bucket) => ({ bucket, count: 0 })),
      },
      disputes: {
        byState: ["DRAFT", "OPEN", "PENDING_EVIDENCE", "WON", "LOST"].map((state) => ({
          state,
          count: 0,
        })),
        amounts: [],
        overdue: 0,
      },
      exports: { unfinished: 0, failedLastDay: 0 },
    });
  });

  it("counts the transactions of whole days by status, and sums absolute amounts by currency", async () => {
    await suite.tenant.push([
      line("before", { date: "2025-12-31T23:59:59.999Z" }),
      line("A", { date: "2026-01-01", amount: "-10.50" }),
      line("B", {
        date: "2026-01-01T23:59:59.999Z",
        amount: "0.00000001",
        status: "PENDING_REVIEW",
      }),
      line("C", { date: "2026-01-03", currency: "USD", amount: "99999999999999999999.12345678" }),
      line("D", { date: "2026-01-03T23:59:59.999Z", amount: "7", status: "IGNORED" }),
      line("after", { date: "2026-01-04" }),
    ]);
    const items = [{ source: "Bank", transaction: "C" }];
    const group = { externalId: "G", items };
    await suite.tenant.push([JSON.stringify(group)], { kind: "match-groups" });
    const body = await summary();
    expect(body["transactions"]).toEqual({
      total: 4,
      matched: 1,
      unmatched: 1,
      pendingReview: 1,
      ignored: 1,
    });
    expect(body["amounts"]).toEqual([
      { currency: "EUR", matched: "0", unmatched: "10.50000001" },
      { currency: "USD", matched: "99999999999999999999.12345678", unmatched: "0" },
    ]);
    expect(body["daily"]).toEqual([
      { date: "2026-01-01", total: 2, matched: 0 },
      { date: "2026-01-02", total: 0, matched: 0 },
      { date: "2026-01-03", total: 2, matched: 1 },
    ]);
  });

  it("counts exceptions and disputes as they are now, whatever the range", async () => {
    const { tenant } = suite;
    const transaction = { amount: "-12.30", currency: "EUR" };
    const [first, second, third, fourth] = await tenant.addExceptions([
      { severity: "LOW", transaction },
      { severity: "CRITICAL", assignedTo: "kim", status: "ASSIGNED", transaction },
      { severity: "CRITICAL", status: "RESOLVED", transaction },
      { severity: "HIGH", transaction: { amount: "100", currency: "JPY" } },
    ]);
    const close = async (id: string, body: object): Promise<unknown> =>
      tenant.send("post", `/v1/disputes/${id}/close`, { resolution: "r", ...body }).expect(200);
    const yesterday = new Date(Date.now() - DAY_MS).toISOString();
    await tenant.createDispute({ disputedAmount: "2.3", respondBy: yesterday }, first);
    await tenant.createDispute({ draft: true, respondBy: yesterday }, first);
    const won = await tenant.createDispute({ respondBy: yesterday }, second);
    await close(won.id, { won: true, recoveredAmount: "10" });
    const lost = await tenant.createDispute({}, third);
    await close(lost.id, { won: false });
    for (let n = 0; n < 2; n += 1)
      await close((await tenant.createDispute({}, fourth)).id, { won: true });
    const body = await summary();
    expect(body["exceptions"]).toMatchObject({ open: 3, overdue: 0, unassigned: 2 });
    expect(counts(body["exceptions"].bySeverity)).toEqual({
      LOW: 1,
      MEDIUM: 0,
      HIGH: 1,
      CRITICAL: 1,
    });
    expect(counts(body["disputes"].byState)).toEqual({
      DRAFT: 1,
      OPEN: 1,
      PENDING_EVIDENCE: 0,
      WON: 3,
      LOST: 1,
    });
    expect(body["disputes"]).toMatchObject({ overdue: 1, wonShare: 0.75 });
    expect(body["disputes"].amounts).toEqual([
      { currency: "EUR", disputed: "2.3", recovered: "10", lost: "12.3" },
      { currency: "JPY", disputed: "0", recovered: "200", lost: "0" },
    ]);
  });

  it("counts unfinished exports, and those that failed in the last 24 hours", async () => {
    const { tenant } = suite;
    const hours = (ago: number): Date => new Date(Date.now() - ago * 3_600_000);
    const failed = { status: "FAILED", error: "e", errorCode: "c" };
    const day = new Date("2026-01-01");
    await tenant.inTenant(() =>
      suite.stage.context.database.prisma.exportJob.createMany({
        data: [
          { status: "QUEUED" },
          { status: "RUNNING", leaseUntil: hours(-1) },
          { ...failed, finishedAt: hours(23.9) },
          { ...failed, finishedAt: hours(24.1) },
          { status: "CANCELED", finishedAt: hours(1) },
        ].map((job) => ({
          ...job,
          tenantId: tenant.tenantId,
          contextId: tenant.contextId,
          reportType: "MATCHED",
          format: "CSV",
          dateFrom: day,
          dateTo: day,
          requestedBy: "alice",
        })),
      }),
    );
    expect((await summary())["exports"]).toEqual({ unfinished: 2, failedLastDay: 1 });
  });

  it("is exact to the millisecond about ages and deadlines", async () => {
    const { tenant } = suite;
    // asOf is probably one of these seconds; in any case, the figures are those of a recount.
    const seconds = Array.from({ length: 40 }, (_, n) => Math.floor(Date.now() / 1_000) + n - 5);
    const instants = seconds.flatMap((second) => [-1, 0, 1].map((ms) => second * 1_000 + ms));
    const created = [8, 31, 91].flatMap((days) => instants.map((at) => at - days * DAY_MS));
    const ids = await tenant.addExceptions([
      ...created.map((at) => ({ createdAt: new Date(at) })),
      ...instants.map((at) => ({ dueAt: new Date(at) })),
    ]);
    await tenant.inTenant(() =>
      suite.stage.context.database.prisma.dispute.createMany({
        data: instants.map((at, n) => ({
          tenantId: tenant.tenantId,
          contextId: tenant.contextId,
          exceptionId: ids[n]!,
          category: "OTHER",
          state: n % 2 === 0 ? "OPEN" : "PENDING_EVIDENCE",
          description: "d",
          openedBy: "alice",
          respondBy: new Date(at),
        })),
      }),
    );
    const { asOf: asOfText, exceptions, disputes } = await summary();
    const asOf = Date.parse(asOfText);
    const passed = instants.filter((at) => at < asOf).length;
    const aged = (days: number): number =>
      created.filter((at) => Math.floor((asOf - at) / DAY_MS) >= days).length;
    expect(exceptions.overdue).toBe(passed);
    expect(disputes.overdue).toBe(passed);
    expect(counts(exceptions.byAge)).toEqual({
      "0-7": ids.length - aged(8),
      "8-30": aged(8) - aged(31),
      "31-90": aged(31) - aged(91),
      "over-90": aged(91),
    });
  });

  it("includes a dispute that closes while a load of its context is uncommitted", async () => {
    const { tenant } = suite;
    const { id } = await tenant.createDispute({});
    const load = await connectAsOwner();
    try {
      await load.query("BEGIN");
      await load.query(
        "SELECT pg_advisory_xact_lock(hashtextextended('records ' || $1::uuid || $2::uuid, 0))",
        [tenant.tenantId, tenant.contextId],
      );
      await load.query(
        `INSERT INTO transactions (tenant_id, context_id, source_id, external_id, amount, currency, date)
         SELECT $1, $2, $3, 'L' || n, 1, 'EUR', '2026-01-02' FROM generate_series(1, 20000) n`,
        [tenant.tenantId, tenant.contextId, tenant.sourceId],
      );
      const closed = { won: true, resolution: "r" };
      await tenant.send("post", `/v1/disputes/${id}/close`, closed).expect(200);
      const during = await summary();
      expect(counts(during["disputes"].byState)).toMatchObject({ OPEN: 0, WON: 1 });
      expect(during["transactions"].total).toBe(0);
      await load.query("COMMIT");
    } finally {
      await load.end();
    }
    expect((await summary())["transactions"].total).toBe(20_000);
  });

  it.each([
    ["dateFrom=2026-01-02&dateTo=2026-01-01", 400],
    ["dateFrom=2025-01-01&dateTo=2026-01-03", 400],
    ["sourceId=x", 400],
    ["dateFrom=2026-02-30", 422],
  ])("refuses %s with %i", async (query, status) => {
    await suite.tenant.caller.get(`${pathOf()}?${query}`).expect(status);
  });

  it("returns 404 for another tenant's context, and requires context:read", async () => {
    const other = await createTenant(suite.stage);
    for (const id of [other.contextId, randomUUID()])
      await suite.tenant.caller.get(pathOf(id)).expect(404);
    const tenant_id = suite.tenant.tenantId;
    const without = suite.stage.caller({ tenant_id, permissions: ["exception:read"] });
    await without.get(pathOf()).expect(403);
  });

  it("reads only the counters that it needs", async () => {
    const { tenantId, contextId, sourceId } = suite.tenant;
    const owner = await connectAsOwner();
    await owner.query(
      `INSERT INTO counters (tenant_id, context_id, name, at, source_id, currency, label, count, amount)
       SELECT $1, $2, name, '2026-01-01Z'::timestamptz + n * step, $3, '', '', 1, 1
       FROM (VALUES ('transactions', interval '1 day'), ('exceptions-created-second', interval '1 hour')) c (name, step),
         generate_series(1, 20000) n`,
      [tenantId, contextId, sourceId],
    );
    await owner.query("ANALYZE counters");
    await owner.end();
    const range = { dateFrom: "2026-01-01", dateTo: "2026-01-31" };
    const plans = await plansOf(suite.stage, tenantId, "stored_counters", (_, database) =>
      summaryFigures(database, contextId, range),
    );
    expect(sequentialScans(plans)).not.toContain("counters");
    expect(scanOf(plans, "counters")["Index Name"]).toBe("counters_pkey");
    const rows = plans.map((plan) => (plan as { "Actual Rows"?: number })["Actual Rows"] ?? 0);
    expect(Math.max(...rows)).toBeLessThan(1_000);
  });
});
