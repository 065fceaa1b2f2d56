import { randomUUID } from "node:crypto";
import { REPORT_TYPES, type ExportSpec, type Format } from "@docket/domain";
import { aFee, anException, aGroup, aScene, aTransaction } from "./builders.ts";
import { exportSuite, specOf, type Exported } from "./suite.ts";

const suite = exportSuite();
const { tenantId } = suite;

describe("every report", () => {
  const empty: Record<Format, (spec: ExportSpec) => RegExp> = {
    CSV: () => /^[a-z_]+(?:,[a-z_]+)*\n$/u,
    JSON: () => /^\[\]$/u,
    NDJSON: () => /^$/u,
    XML: (spec) =>
      new RegExp(
        `^<\\?xml version="1.0" encoding="UTF-8"\\?>\n<export reportType="${spec.reportType}" contextId="${spec.contextId}" dateFrom="2026-01-01" dateTo="2026-01-31">\n</export>\n$`,
        "u",
      ),
  };

  it.each(
    REPORT_TYPES.flatMap((reportType) =>
      (["CSV", "JSON", "XML", "NDJSON"] as const).map((format) => [reportType, format] as const),
    ),
  )("%s in %s is a complete file even without rows", async (reportType, format) => {
    const spec = specOf(aScene(tenantId), reportType, { format });
    const file = await suite.export(spec);
    expect(file.text).toMatch(empty[format](spec));
    expect(file).toMatchObject({ rows: 0, counted: 0 });
  });

  it.each(REPORT_TYPES)(
    "%s shows no row of another tenant, even for a context of that tenant",
    async (reportType) => {
      const other = aScene(randomUUID());
      const transaction = aTransaction({ source_id: other.bank });
      const group = aGroup();
      await suite.insert({
        ...other,
        transactions: [transaction],
        groups: [group],
        items: [{ match_group_id: group.id, transaction_id: transaction.id, amount: "1" }],
        fees: [aFee(transaction, "1", "2")],
        exceptions: [anException(transaction)],
      });
      expect(await suite.export(specOf(other, reportType))).toMatchObject({
        rows: 0,
        counted: 0,
      });
    },
  );

  it("includes both days of the range, as whole UTC days", async () => {
    const scene = aScene(tenantId);
    const dates = [
      "2025-12-31T23:59:59.999Z",
      "2026-01-01T00:00:00.000Z",
      "2026-01-31T23:59:59.999Z",
      "2026-02-01T00:00:00.000Z",
    ];
    const transactions = dates.map((date) => aTransaction({ source_id: scene.bank, date }));
    await suite.insert({ ...scene, transactions });
    const rows = await suite.exported(specOf(scene, "UNMATCHED"));
    expect(rows.map(({ date }) => date)).toEqual(["2026-01-01T00:00:00Z", "2026-01-31T23:59:59Z"]);
  });

  it("covers the years 0001 to 9999", async () => {
    const scene = aScene(tenantId);
    const dates = ["0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"];
    await suite.insert({
      ...scene,
      transactions: dates.map((date) => aTransaction({ source_id: scene.bank, date })),
    });
    const rows = await suite.exported(
      specOf(scene, "UNMATCHED", { dateFrom: "0001-01-01", dateTo: "9999-12-31" }),
    );
    expect(rows.map(({ date }) => date)).toEqual(["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]);
  });

  it("trims decimals and never writes an exponent", async () => {
    const scene = aScene(tenantId);
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
    await suite.insert({ ...scene, transactions });
    const rows = await suite.exported(specOf(scene, "UNMATCHED"));
    expect(rows.map(({ amount }) => amount)).toEqual([
      "100.5",
      "100",
      "-0.00000001",
      "0",
      "12345678901234567890",
      "-5.1",
    ]);
  });

  it("gives identical bytes for unchanged data", async () => {
    const scene = aScene(tenantId);
    const transactions = Array.from({ length: 50 }, () => aTransaction({ source_id: scene.bank }));
    await suite.insert({ ...scene, transactions });
    const [first, second] = [
      await suite.export(specOf(scene, "UNMATCHED")),
      await suite.export(specOf(scene, "UNMATCHED")),
    ];
    expect(second.text).toBe(first.text);
    const ids = transactions.map(({ id }) => id).toSorted();
    expect((JSON.parse(first.text) as Exported[]).map((row) => row["transaction_id"])).toEqual(ids);
  });
});
