import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { REPORT_TYPES, type ExportSpec, type Format, type ReportType } from "@docket/domain";
import { createTestDatabase, type TestDatabase } from "@docket/platform/testing";
import { exportFile, exportSession } from "./exporter.ts";
import {
  emptyScene,
  insertScene,
  type GroupRow,
  type Scene,
  type TransactionRow,
} from "./scene.ts";

const tenantId = randomUUID();

let database: TestDatabase;
let owner: Client;
let session: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  owner = new Client({ connectionString: database.ownerUrl });
  await owner.connect();
  session = await exportSession(database.appUrl, tenantId);
});

afterAll(async () => {
  await session?.end();
  await owner?.end();
  await database?.drop();
});

/** A context with a bank and a ledger; the builders below fill it. */
function aScene(tenant = tenantId): Scene & { bank: string; ledger: string } {
  const [bank, ledger] = [randomUUID(), randomUUID()];
  return {
    ...emptyScene({ tenantId: tenant, contextId: randomUUID() }),
    bank,
    ledger,
    sources: [
      { id: bank, name: "Bank" },
      { id: ledger, name: "Ledger" },
    ],
  };
}

const aTransaction = (
  overrides: Pick<TransactionRow, "source_id"> & Partial<TransactionRow>,
): TransactionRow => {
  const id = randomUUID();
  return {
    id,
    external_id: id,
    amount: "100",
    currency: "EUR",
    date: "2026-01-15T10:30:00.000Z",
    description: null,
    status: "UNMATCHED",
    ...overrides,
  };
};

const aGroup = (overrides: Partial<GroupRow> = {}): GroupRow => {
  const id = randomUUID();
  return { id, external_id: id, status: "CONFIRMED", rule: null, confidence: null, ...overrides };
};

const specOf = (
  scene: Scene,
  reportType: ReportType,
  overrides: Partial<ExportSpec> = {},
): ExportSpec => ({
  reportType,
  format: "JSON",
  contextId: scene.contextId,
  dateFrom: "2026-01-01",
  dateTo: "2026-01-31",
  ...overrides,
});

type Exported = Record<string, string | number | null>;

const exported = async (spec: ExportSpec): Promise<Exported[]> =>
  JSON.parse((await exportFile(session, spec)).text) as Exported[];

describe("every report", () => {
  const empty: Record<Format, (spec: ExportSpec) => RegExp> = {
    CSV: () => /^[a-z_]+(?:,[a-z_]+)*\n$/u,
    JSON: () => /^\[\]$/u,
    XML: (spec) =>
      new RegExp(
        `^<\\?xml version="1.0" encoding="UTF-8"\\?>\n<export reportType="${spec.reportType}" contextId="${spec.contextId}" dateFrom="2026-01-01" dateTo="2026-01-31">\n</export>\n$`,
        "u",
      ),
  };

  it.each(
    REPORT_TYPES.flatMap((reportType) =>
      (["CSV", "JSON", "XML"] as const).map((format) => [reportType, format] as const),
    ),
  )("%s in %s is a whole file when there are no rows", async (reportType, format) => {
    const spec = specOf(aScene(), reportType, { format });
    const file = await exportFile(session, spec);
    expect(file.text).toMatch(empty[format](spec));
    expect(file).toMatchObject({ rows: 0, counted: 0 });
  });

  it.each(REPORT_TYPES)(
    "%s shows nothing of another tenant, although its context is named",
    async (reportType) => {
      const other = aScene(randomUUID());
      const transaction = aTransaction({ source_id: other.bank });
      const group = aGroup();
      await insertScene(owner, {
        ...other,
        transactions: [transaction],
        groups: [group],
        items: [{ match_group_id: group.id, transaction_id: transaction.id, amount: "1" }],
        fees: [aFee(transaction, "1", "2")],
        exceptions: [anException(transaction)],
      });
      expect(await exportFile(session, specOf(other, reportType))).toMatchObject({
        rows: 0,
        counted: 0,
      });
    },
  );

  it("includes both days of the range, as whole UTC days", async () => {
    const scene = aScene();
    const dates = [
      "2025-12-31T23:59:59.999Z",
      "2026-01-01T00:00:00.000Z",
      "2026-01-31T23:59:59.999Z",
      "2026-02-01T00:00:00.000Z",
    ];
    const transactions = dates.map((date) => aTransaction({ source_id: scene.bank, date }));
    await insertScene(owner, { ...scene, transactions });
    const rows = await exported(specOf(scene, "UNMATCHED"));
    expect(rows.map(({ date }) => date)).toEqual(["2026-01-01T00:00:00Z", "2026-01-31T23:59:59Z"]);
  });

  it("reaches to the ends of the calendar", async () => {
    const scene = aScene();
    const dates = ["0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"];
    await insertScene(owner, {
      ...scene,
      transactions: dates.map((date) => aTransaction({ source_id: scene.bank, date })),
    });
    const rows = await exported(
      specOf(scene, "UNMATCHED", { dateFrom: "0001-01-01", dateTo: "9999-12-31" }),
    );
    expect(rows.map(({ date }) => date)).toEqual(["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]);
  });

  it("trims decimals and never writes an exponent", async () => {
    const scene = aScene();
    const amounts = [
      "100.50000000",
      "100.00",
      "-0.00000001",
      "0.00",
      "12345678901234567890.00000000",
      "-5.10",
    ];
    const transactions = amounts.map((amount, second) =>
      aTransaction({ source_id: scene.bank, amount, date: `2026-01-15T10:30:0${second}.000Z` }),
    );
    await insertScene(owner, { ...scene, transactions });
    const rows = await exported(specOf(scene, "UNMATCHED"));
    expect(rows.map(({ amount }) => amount)).toEqual([
      "100.5",
      "100",
      "-0.00000001",
      "0",
      "12345678901234567890",
      "-5.1",
    ]);
  });

  it("is the same bytes each time", async () => {
    const scene = aScene();
    const transactions = Array.from({ length: 50 }, () => aTransaction({ source_id: scene.bank }));
    await insertScene(owner, { ...scene, transactions });
    const [first, second] = [
      await exportFile(session, specOf(scene, "UNMATCHED")),
      await exportFile(session, specOf(scene, "UNMATCHED")),
    ];
    expect(second.text).toBe(first.text);
    const ids = transactions.map(({ id }) => id).toSorted();
    expect((JSON.parse(first.text) as Exported[]).map((row) => row["transaction_id"])).toEqual(ids);
  });
});

describe("MATCHED", () => {
  it("shows the amount allocated to the group, once per group", async () => {
    const scene = aScene();
    const transaction = aTransaction({ source_id: scene.bank, amount: "100", status: "MATCHED" });
    const groups = [aGroup({ rule: "exact" }), aGroup()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const items = groups.map(({ id }, index) => ({
      match_group_id: id,
      transaction_id: transaction.id,
      amount: `${40 + 20 * index}.00`,
    }));
    await insertScene(owner, { ...scene, transactions: [transaction], groups, items });
    const rows = await exported(specOf(scene, "MATCHED"));
    expect(rows.map(({ match_group_id, amount }) => [match_group_id, amount])).toEqual([
      [groups[0]!.id, "40"],
      [groups[1]!.id, "60"],
    ]);
  });

  it("leaves out groups that are proposed, rejected or revoked", async () => {
    const scene = aScene();
    const transaction = aTransaction({ source_id: scene.bank });
    const groups = ["PROPOSED", "CONFIRMED", "REJECTED", "REVOKED"].map((status) =>
      aGroup({ status }),
    );
    const items = groups.map(({ id }) => ({
      match_group_id: id,
      transaction_id: transaction.id,
      amount: "1",
    }));
    await insertScene(owner, { ...scene, transactions: [transaction], groups, items });
    const rows = await exported(specOf(scene, "MATCHED"));
    expect(rows.map((row) => row["match_group_id"])).toEqual([groups[1]!.id]);
  });

  it("shows one source only when asked to", async () => {
    const scene = aScene();
    const transactions = [scene.bank, scene.ledger].map((source_id) => aTransaction({ source_id }));
    const group = aGroup();
    const items = transactions.map(({ id }) => ({
      match_group_id: group.id,
      transaction_id: id,
      amount: "1",
    }));
    await insertScene(owner, { ...scene, transactions, groups: [group], items });
    const rows = await exported(specOf(scene, "MATCHED", { sourceId: scene.ledger }));
    expect(rows.map((row) => row["source_name"])).toEqual(["Ledger"]);
  });
});

describe("VARIANCE", () => {
  it("sums by schedule, always writes two decimals of the percentage, and none when nothing was expected", async () => {
    const scene = aScene();
    const transaction = aTransaction({ source_id: scene.bank });
    const fees = [
      aFee(transaction, "10", "11", "a"),
      aFee(transaction, "20", "22", "a"),
      aFee(transaction, "0", "5", "b"),
      aFee(transaction, "3", "2", "c"),
    ];
    await insertScene(owner, { ...scene, transactions: [transaction], fees });
    const rows = await exported(specOf(scene, "VARIANCE"));
    expect(
      rows.map((row) => [
        row["fee_schedule_id"],
        row["total_expected"],
        row["total_actual"],
        row["net_variance"],
        row["variance_pct"],
        row["item_count"],
      ]),
    ).toEqual([
      ["a", "30", "33", "3", "10.00", 2],
      ["b", "0", "5", "5", null, 1],
      ["c", "3", "2", "-1", "-33.33", 1],
    ]);
  });
});

describe("EXCEPTIONS", () => {
  it("goes by the exception's own date and shows its latest dispute", async () => {
    const scene = aScene();
    // The transaction's date is out of the range; the exception's is in it.
    const transaction = aTransaction({ source_id: scene.bank, date: "2025-06-01T00:00:00.000Z" });
    const exception = anException(transaction);
    const ids = [randomUUID(), randomUUID()].toSorted();
    const disputes = [
      {
        id: ids[1]!,
        exception_id: exception.id,
        state: "LOST",
        created_at: "2026-01-16T00:00:00.000Z",
      },
      {
        id: ids[0]!,
        exception_id: exception.id,
        state: "OPEN",
        created_at: "2026-01-17T00:00:00.000Z",
      },
    ];
    await insertScene(owner, {
      ...scene,
      transactions: [transaction],
      exceptions: [exception],
      disputes,
    });
    const rows = await exported(specOf(scene, "EXCEPTIONS"));
    expect(rows).toMatchObject([
      { exception_id: exception.id, dispute_id: ids[0], dispute_state: "OPEN" },
    ]);
  });
});

function aFee(
  transaction: TransactionRow,
  expected: string,
  actual: string,
  schedule = "a",
): Scene["fees"][number] {
  return {
    external_id: randomUUID(),
    source_id: transaction.source_id,
    transaction_id: transaction.id,
    fee_schedule_id: schedule,
    fee_schedule_name: `Schedule ${schedule}`,
    currency: "EUR",
    expected,
    actual,
  };
}

function anException(transaction: TransactionRow): Scene["exceptions"][number] {
  return {
    id: randomUUID(),
    transaction_id: transaction.id,
    severity: "HIGH",
    status: "OPEN",
    reason: null,
    assigned_to: null,
    due_at: null,
    resolution_type: null,
    resolution_notes: null,
    created_at: "2026-01-15T10:30:00.000Z",
    updated_at: "2026-01-15T10:30:00.000Z",
  };
}
