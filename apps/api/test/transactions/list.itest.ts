import { randomUUID } from "node:crypto";
import type { TransactionFilters } from "@docket/domain";
import { rowsReadBy, scanOf, sequentialScans, sortsIn } from "@docket/testing";
import pg from "pg";
import { encodeCursor } from "../../src/lists/pagination.ts";
import { sortedWindow } from "../../src/lists/keyset.ts";
import { listTransactions, TRANSACTION_SORTS } from "../../src/transactions/list.ts";
import { listAt } from "../support/lists.ts";
import { plansOf } from "../support/plans.ts";
import { line } from "../support/records.ts";
import { createTenant } from "../support/tenant.ts";
import { useStage } from "../support/use-stage.ts";

const suite = useStage();

type Row = { id: string; externalId: string; date: string; status: string };

const list = (contextId = suite.tenant.contextId) =>
  listAt<Row>((path) => suite.tenant.caller.get(path), `/v1/contexts/${contextId}/transactions`);

const ids = (rows: readonly Row[]): string[] => rows.map(({ externalId }) => externalId);

const fill = (): Promise<unknown> =>
  suite.tenant.push([
    line("A", { date: "2026-03-01", status: "IGNORED" }),
    line("B", { date: "2026-03-03T23:59:59.999Z", currency: "USD" }),
    line("C", { date: "2026-03-02", amount: "-7.50", description: "a line" }),
    line("D", { date: "2026-03-04" }),
  ]);

describe("GET /v1/contexts/{contextId}/transactions", () => {
  it("lists transactions with their exceptions, newest date first, across pages", async () => {
    await fill();
    const record = { source: "Bank", transaction: "C", severity: "LOW" };
    await suite.tenant.push([`${JSON.stringify(record)}\n`], { kind: "exceptions" });
    const rows = await list().walk("limit=1");
    expect(ids(rows)).toEqual(["D", "B", "C", "A"]);
    const { items } = (await suite.tenant.caller.get("/v1/exceptions").expect(200)).body;
    expect(rows[2]).toEqual({
      id: items[0].transaction.id,
      sourceId: suite.tenant.sourceId,
      externalId: "C",
      amount: "-7.5",
      currency: "EUR",
      date: "2026-03-02T00:00:00.000Z",
      description: "a line",
      status: "UNMATCHED",
      exceptionId: items[0].id,
    });
  });

  it.each([
    ["status=ignored", ["A"]],
    ["status=UNMATCHED&status=IGNORED", ["D", "B", "C", "A"]],
    ["status=MATCHED", []],
    ["currency=usd", ["B"]],
    ["externalId=C", ["C"]],
    ["externalId=c", []],
    ["dateFrom=2026-03-02&dateTo=2026-03-03", ["B", "C"]],
  ])("filters by %s", async (query, wanted) => {
    await fill();
    expect(ids(await list().walk(`limit=1&${query}`))).toEqual(wanted);
  });

  it("filters by source, which must be the context's", async () => {
    await fill();
    const { contextId, sourceId } = suite.tenant;
    const empty = await suite.tenant.caller.aSource(contextId);
    expect(await list().walk(`sourceId=${sourceId}`)).toHaveLength(4);
    expect(await list().walk(`sourceId=${empty}`)).toEqual([]);
    const other = await createTenant(suite.stage, suite.tenant.tenantId);
    for (const id of [other.sourceId, randomUUID()]) {
      const { body } = await list().refuse(`sourceId=${id}`, 400);
      expect(body.errors).toMatchObject([{ field: "sourceId" }]);
    }
    expect((await list(other.contextId).page()).items).toEqual([]);
  });

  it("neither skips nor repeats an existing row while others are added", async () => {
    await fill();
    let added = 0;
    const rows = await list().walk("limit=1", () => {
      added += 1;
      const days = ["2026-03-02", "2026-03-05", "2026-02-01"];
      return added > 6
        ? Promise.resolve()
        : suite.tenant.push([line(`new ${added}`, { date: days[added % days.length]! })]);
    });
    expect(new Set(ids(rows)).size).toBe(rows.length);
    expect(ids(rows).filter((id) => id.length === 1)).toEqual(["D", "B", "C", "A"]);
  });

  it.each([
    ["sort=date", 400],
    ["status=OPEN", 400],
    ["currency=EURO", 400],
    ["sourceId=x", 422],
    ["dateFrom=2026-03-02&dateTo=2026-03-01", 400],
    ["cursor=x", 400],
  ])("refuses %s with %i", async (query, status) => {
    await list().refuse(query, status);
  });

  it("returns 404 for another tenant's context, and requires exception:read", async () => {
    const other = await createTenant(suite.stage);
    for (const id of [other.contextId, randomUUID()]) await list(id).refuse("", 404);
    const tenant_id = suite.tenant.tenantId;
    const without = suite.stage.caller({ tenant_id, permissions: ["context:read"] });
    await without.get(`/v1/contexts/${suite.tenant.contextId}/transactions`).expect(403);
  });
});

describe("a page of the transactions list", () => {
  it.each([
    [{}, "transactions_by_date"],
    [{ status: ["PENDING_REVIEW"] }, "transactions_not_matched"],
    [{ externalId: "T-7" }, "transactions_tenant_id_source_id_external_id_key"],
  ])("filtered by %j reads %s from the cursor on", async (filters, index) => {
    const { tenantId, contextId, sourceId } = suite.tenant;
    const owner = new pg.Client({ connectionString: suite.stage.testDatabase.ownerUrl });
    await owner.connect();
    await owner.query(
      `INSERT INTO transactions (tenant_id, context_id, source_id, external_id, amount, currency, date, status)
       SELECT $1, $2, $3, 'T-' || n, n, 'EUR', '2026-01-01Z'::timestamptz + n * interval '1 minute',
              CASE WHEN n % 50 = 0 THEN 'PENDING_REVIEW' ELSE 'MATCHED' END FROM generate_series(1, 20000) n`,
      [tenantId, contextId, sourceId],
    );
    await owner.query("ANALYZE transactions");
    await owner.end();
    const position = { value: "2026-01-08T00:00:00.000Z", id: randomUUID() };
    const cursor = encodeCursor({ sort: "-date" }, position);
    const window = sortedWindow(TRANSACTION_SORTS, { limit: 20, sort: "-date", cursor }, {});
    const plans = await plansOf(suite.stage, tenantId, "transactions", (tx) =>
      listTransactions(tx, contextId, filters, window),
    );
    expect(sequentialScans(plans)).not.toContain("transactions");
    expect(scanOf(plans, "transactions")["Index Name"]).toBe(index);
    if (!("externalId" in filters)) expect(sortsIn(plans)).toEqual([]);
  });

  it("of a source without transactions reads no other source's", async () => {
    const { tenantId, contextId, sourceId } = suite.tenant;
    const empty = await suite.tenant.caller.aSource(contextId);
    const owner = new pg.Client({ connectionString: suite.stage.testDatabase.ownerUrl });
    await owner.connect();
    await owner.query(
      `INSERT INTO transactions (tenant_id, context_id, source_id, external_id, amount, currency, date, status)
       SELECT $1, $2, $3, 'T-' || n, n, 'EUR', '2026-01-01Z'::timestamptz + n * interval '1 minute', 'MATCHED'
       FROM generate_series(1, 20000) n`,
      [tenantId, contextId, sourceId],
    );
    await owner.query("ANALYZE transactions");
    await owner.end();
    const window = sortedWindow(TRANSACTION_SORTS, { limit: 20, sort: "-date" }, {});
    const read = async (filters: TransactionFilters): Promise<number> =>
      rowsReadBy(
        await plansOf(suite.stage, tenantId, "transactions", (tx) =>
          listTransactions(tx, contextId, filters, window),
        ),
      );
    expect(await read({ sourceId: empty })).toBeLessThan(50);
    expect(await read({ sourceId: empty, status: ["MATCHED"] })).toBeLessThan(50);
  });
});
