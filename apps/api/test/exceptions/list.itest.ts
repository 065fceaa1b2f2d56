import { randomUUID } from "node:crypto";
import { listAt } from "../support/lists.ts";
import { testSortedList } from "../support/sorted-list-suite.ts";
import { createTenant } from "../support/tenant.ts";
import { useStage } from "../support/use-stage.ts";

const suite = useStage();

type Row = {
  id: string;
  severity: string;
  status: string;
  createdAt: string;
  updatedAt: string;
  dueAt?: string;
  transaction: { amount: string };
};

const AMOUNTS = ["-100.5", "99.99", "12345678901234567890.12345678", "0", "-0.00000001"];

const SEVERITIES = ["LOW", "MEDIUM", "HIGH", "CRITICAL"];
const STATUSES = ["OPEN", "ASSIGNED", "PENDING_RESOLUTION", "RESOLVED"];

const list = listAt<Row>((path) => suite.tenant.caller.get(path), "/v1/exceptions");
const { page, walk } = list;

/** The absolute amount in digits of fixed width. */
function amountKeyOf(amount: string): string {
  const [whole = "", decimals = ""] = amount.replace("-", "").split(".");
  return `${whole.padStart(20, "0")}.${decimals.padEnd(8, "0")}`;
}

/** Adds one exception for every status and severity, created on three days. Half of them have no due date. */
const fill = (): Promise<string[]> =>
  suite.tenant.addExceptions(
    STATUSES.flatMap((status, n) =>
      SEVERITIES.map((severity, m) => {
        const createdAt = new Date(`2026-03-0${1 + ((n + m) % 3)}T12:00:00Z`);
        return {
          status,
          severity,
          createdAt,
          updatedAt: new Date(createdAt.getTime() + ((n * 7 + m * 3) % 5)),
          ...(n === 1 && { assignedTo: m === 0 ? "kim" : "bob" }),
          transaction: {
            amount: AMOUNTS[(n * 3 + m) % AMOUNTS.length]!,
            currency: m === 3 ? "JPY" : "EUR",
            externalId: `T${n}${m}`,
          },
          ...((n + m) % 2 === 0 && { dueAt: new Date(`2026-04-0${1 + (m % 3)}T00:00:00Z`) }),
        };
      }),
    ),
  );

describe("GET /v1/exceptions", () => {
  testSortedList<Row>({
    list,
    fill,
    count: 16,
    add: () =>
      suite.tenant.addExceptions([
        {},
        {
          dueAt: new Date("2026-04-01T00:00:00Z"),
          createdAt: new Date("2026-03-02T12:00:00Z"),
        },
      ]),
    sorts: {
      dueAt: ({ dueAt }) => dueAt ?? "none: after all dates",
      createdAt: ({ createdAt }) => createdAt,
      updatedAt: ({ updatedAt }) => updatedAt,
      severity: ({ severity }) => SEVERITIES.indexOf(severity),
      status: ({ status }) => STATUSES.indexOf(status),
      amount: ({ transaction }) => amountKeyOf(transaction.amount),
      id: ({ id }) => id,
    },
    filters: {
      "status=OPEN": 4,
      "status=open&status=RESOLVED": 8,
      "severity=CRITICAL": 4,
      "severity=LOW&severity=HIGH&status=ASSIGNED": 2,
      "dateFrom=2026-03-02": 10,
      "dateTo=2026-03-01": 6,
      "dateFrom=2026-03-02&dateTo=2026-03-02": 5,
      "dateFrom=2026-03-04": 0,
      "dateFrom=0001-01-01&dateTo=9999-12-31": 16,
      [`contextId=${randomUUID()}`]: 0,
      "assignedTo=kim": 1,
      "unassigned=true": 12,
      "unassigned=false": 4,
      "assignedTo=kim&unassigned=true": 0,
      "overdue=true": 6,
      "overdue=false": 10,
      "overdue=true&status=RESOLVED": 0,
      "dueBefore=2026-04-02T00:00:00Z": 4,
      "dueBefore=2026-04-02T02:00:00.001%2B02:00": 6,
      "currency=jpy": 4,
      "currency=USD": 0,
      "externalId=T12": 1,
      "externalId=T1": 0,
      [`sourceId=${randomUUID()}`]: 0,
    },
    cursor: {
      filters: "status=OPEN&status=RESOLVED",
      same: "status=resolved&status=open&status=OPEN",
      others: ["status=OPEN", "status=OPEN&status=RESOLVED&sort=id"],
      forged: {
        createdAt: [null, 1, "x", "2026-13-01T00:00:00.000Z", "2026-02-30T00:00:00.000Z"],
        updatedAt: [null, "infinity", "0000-01-01T00:00:00.000Z"],
        dueAt: [1, "infinity", "", true],
        amount: [null, 1, "1", "12.30000000", "x"],
        severity: [null, -1, 1.5, 1e9, "1", "HIGH"],
        id: [null, 3, randomUUID()],
      },
    },
    refused: {
      "sort=colour": [400, "sort"],
      "sort=--id": [400, "sort"],
      "sort=id&sort=status": [400, "sort"],
      "status=CLOSED": [400, "status"],
      "severity=URGENT": [400, "severity"],
      "severity=": [400, "severity"],
      "colour=red": [400, "colour"],
      "limit=0": [400, "limit"],
      "limit=many": [422, "limit"],
      "dateFrom=2026-02-30": [422, "dateFrom"],
      "dateTo=yesterday": [422, "dateTo"],
      "dateFrom=2026-02-02&dateTo=2026-02-01": [400, "dateFrom"],
      "contextId=x": [422, "contextId"],
      "cursor=x": [400, "cursor"],
      "overdue=perhaps": [422, "overdue"],
      "unassigned=1": [422, "unassigned"],
      "dueBefore=2026-04-02": [422, "dueBefore"],
      "currency=EURO": [400, "currency"],
      "sourceId=x": [422, "sourceId"],
      "assignedTo=": [400, "assignedTo"],
    },
  });

  it("never returns another tenant's exceptions, whatever the filter", async () => {
    await fill();
    const other = await createTenant(suite.stage);
    for (const query of ["", `contextId=${suite.tenant.contextId}`, "status=OPEN&sort=severity"]) {
      const { body } = await other.caller.get(`/v1/exceptions?${query}`).expect(200);
      expect(body).toEqual({ items: [], limit: 20, hasMore: false });
    }
  });

  it("filters by whole days in UTC, both inclusive", async () => {
    const at = (createdAt: string) => ({ createdAt: new Date(createdAt) });
    const [, first, last] = await suite.tenant.addExceptions([
      at("2026-03-01T23:59:59.999Z"),
      at("2026-03-02T00:00:00.000Z"),
      at("2026-03-03T23:59:59.999Z"),
      at("2026-03-04T00:00:00.000Z"),
    ]);
    const { items } = await page("dateFrom=2026-03-02&dateTo=2026-03-03");
    expect(items.map(({ id }) => id)).toEqual([last, first]);
  });

  it("filters by context", async () => {
    await fill();
    const other = await createTenant(suite.stage, suite.tenant.tenantId);
    const id = await other.anException();
    expect(await walk("limit=200")).toHaveLength(17);
    expect(await page(`contextId=${other.contextId}`)).toMatchObject({ items: [{ id }] });
    expect(await walk(`limit=5&contextId=${suite.tenant.contextId}`)).toHaveLength(16);
  });

  it("filters by source, also together with the external ID", async () => {
    await fill();
    const sourceId = await suite.tenant.caller.aSource(suite.tenant.contextId);
    const transaction = { sourceId, externalId: "T12" };
    const [id] = await suite.tenant.addExceptions([{ transaction }]);
    expect(await page(`sourceId=${sourceId}`)).toMatchObject({ items: [{ id }] });
    expect(await walk("limit=1&externalId=T12")).toHaveLength(2);
    const both = await page(`sourceId=${sourceId}&externalId=T12`);
    expect(both).toMatchObject({ items: [{ id }], hasMore: false });
  });

  it("follows the amount and the currency that an ingest changes", async () => {
    await suite.tenant.addExceptions([
      { transaction: { externalId: "A", amount: "5" } },
      { transaction: { externalId: "B", amount: "7" } },
    ]);
    const record = { source: "Bank", externalId: "A", amount: "-9", currency: "USD" };
    await suite.tenant.push([`${JSON.stringify(record)}\n`]);
    const amounts = (await walk("sort=amount")).map(({ transaction }) => transaction.amount);
    expect(amounts).toEqual(["7", "-9"]);
    expect(await walk("currency=USD")).toHaveLength(1);
    expect(await walk("currency=EUR")).toHaveLength(1);
  });

  it("serves a limit over 200 as 200", async () => {
    expect(await page("limit=1000")).toMatchObject({ limit: 200, items: [] });
  });
});
