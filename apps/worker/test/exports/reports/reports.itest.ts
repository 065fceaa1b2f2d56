import { randomUUID } from "node:crypto";
import { exportRange, REPORT_TYPES, type ExportSpec, type Format } from "@docket/domain";
import { readWorkbook } from "@docket/testing/xlsx";
import { aFee, anException, aGroup, aScene, aTransaction } from "./builders.ts";
import { COLUMNS } from "./references.ts";
import { exportSuite, specOf, type Exported } from "./suite.ts";

const suite = exportSuite();
const { tenantId } = suite;

describe("every report", () => {
  const empty: Record<Exclude<Format, "XLSX">, (spec: ExportSpec) => RegExp> = {
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

  it.each(REPORT_TYPES)("%s in XLSX has its header even without rows", async (reportType) => {
    const file = await suite.export(specOf(aScene(tenantId), reportType, { format: "XLSX" }));
    const [sheet] = await readWorkbook(file.bytes);
    expect(sheet!.rows).toEqual([COLUMNS[reportType]]);
    expect(sheet!.filter).toMatch(/^A1:[A-R]1$/);
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

  it("has the days of a time zone, across its clock changes", async () => {
    const scene = aScene(tenantId);
    // Berlin: CET until 29 March 2026, 01:00 UTC.
    const dates = [
      "2026-03-27T22:59:59.999Z",
      "2026-03-27T23:00:00.000Z",
      "2026-03-29T21:59:59.999Z",
      "2026-03-29T22:00:00.000Z",
    ];
    const transactions = dates.map((date) => aTransaction({ source_id: scene.bank, date }));
    await suite.insert({ ...scene, transactions });
    const now = Date.parse("2026-04-01T00:00:00Z") / 1_000;
    const days = { dateFrom: "2026-03-28", dateTo: "2026-03-29" };
    const range = exportRange({ ...days, timeZone: "Europe/Berlin" }, now, 365);
    const rows = await suite.exported(specOf(scene, "UNMATCHED", range));
    expect(rows.map(({ date }) => date)).toEqual(["2026-03-27T23:00:00Z", "2026-03-29T21:59:59Z"]);
    const xml = await suite.export(specOf(scene, "UNMATCHED", { ...range, format: "XML" }));
    expect(xml.text).toContain(
      'dateFrom="2026-03-28" dateTo="2026-03-29" timeZone="Europe/Berlin">',
    );
  });

  it.each(["UTC", "utc"])("names no time zone in XML if it is %s", async (timeZone) => {
    const scene = aScene(tenantId);
    const range = exportRange({ dateTo: "2026-01-31", timeZone }, 0, 365);
    const { text } = await suite.export(specOf(scene, "MATCHED", { ...range, format: "XML" }));
    expect(text).toContain('dateTo="2026-01-31">');
  });

  it("reaches the first and the last day of the calendar in every time zone", async () => {
    const scene = aScene(tenantId);
    const dates = ["0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"];
    const transactions = dates.map((date) => aTransaction({ source_id: scene.bank, date }));
    await suite.insert({ ...scene, transactions });
    const inZone = async (timeZone: string): Promise<number> => {
      const days = { dateFrom: "0001-01-01", dateTo: "9999-12-31" };
      const range = exportRange({ ...days, timeZone }, 0, 10_000_000);
      return (await suite.exported(specOf(scene, "UNMATCHED", range))).length;
    };
    // In Tokyo the year 10000, and in New York the year 1, begins earlier or later than in UTC.
    expect([await inZone("Asia/Tokyo"), await inZone("America/New_York")]).toEqual([1, 1]);
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
    const workbook = specOf(scene, "UNMATCHED", { format: "XLSX" });
    const [one, two] = [await suite.export(workbook), await suite.export(workbook)];
    expect(two.bytes.equals(one.bytes)).toBe(true);
    const ids = transactions.map(({ id }) => id).toSorted();
    expect((JSON.parse(first.text) as Exported[]).map((row) => row["transaction_id"])).toEqual(ids);
  });
});
