import { randomUUID } from "node:crypto";
import { readWorkbook } from "@docket/testing/xlsx";
import fc from "fast-check";
import { REPORT_TYPES, type ExportSpec, type Format, type ReportType } from "@docket/domain";
import { scenes } from "./arbitraries.ts";
import { expectedRows } from "./model.ts";
import { allowedInXml, COLUMNS, columnsOf, references, type Row } from "./references.ts";
import type { Scene } from "./scene.ts";
import { exportSuite } from "./suite.ts";
import { expectedCells, readCells } from "./xlsx-reference.ts";

const FORMATS = ["CSV", "JSON", "XML", "NDJSON"] as const;
const suite = exportSuite();
const { tenantId } = suite;

/** Some columns of each report, in any order. */
const choices = fc.record(
  Object.fromEntries(
    REPORT_TYPES.map((type) => [type, fc.shuffledSubarray([...COLUMNS[type]], { minLength: 1 })]),
  ) as Record<ReportType, fc.Arbitrary<string[]>>,
);

/** Every report of a scene, once whole, and once with a source, chosen columns and compression. */
const specsOf = (
  scene: Scene,
  format: Format,
  columns: Readonly<Record<ReportType, string[]>>,
): ExportSpec[] =>
  REPORT_TYPES.flatMap((reportType) => {
    const spec = {
      reportType,
      format,
      contextId: scene.contextId,
      dateFrom: "2026-01-01",
      dateTo: "2026-01-31",
    };
    const sourceId = scene.sources[0]!.id;
    return [spec, { ...spec, sourceId, columns: columns[reportType], compression: "GZIP" }];
  });

/**
 * The rows of an XML file, parsed by libxml2 through Postgres' XMLTABLE. (xmlbuilder2 cannot be the parser: it decodes
 * `&amp;#13;` twice.)
 */
async function parsedXml(file: string, spec: ExportSpec): Promise<Row[]> {
  const names = columnsOf(spec);
  const rows = await suite.query<Record<string, string | null>>(
    `SELECT * FROM XMLTABLE('/export/row' PASSING (CAST($1 AS xml)) COLUMNS ${names.map((name) => `${name} text`).join(", ")})`,
    [file],
  );
  return rows.map((row) => names.map((name) => row[name]!));
}

describe("an export of arbitrary data", () => {
  it("equals the output of csv-stringify, JSON.stringify and xmlbuilder2 byte for byte", async () => {
    await fc.assert(
      fc.asyncProperty(scenes(tenantId), choices, async (generated, columns) => {
        // Runs must not see each other's rows, least of all while fast-check shrinks a failure.
        const scene = withOwnIds(generated);
        await suite.insert(scene);
        for (const format of FORMATS) {
          for (const spec of specsOf(scene, format, columns)) {
            const rows = expectedRows(scene, spec);
            const file = await suite.export(spec);
            expect(file.text).toBe(references[format](spec, rows));
            expect([file.rows, file.counted]).toEqual([rows.length, rows.length]);
            if (format === "JSON") expect(JSON.parse(file.text)).toHaveLength(rows.length);
            if (format === "XML") {
              const texts = rows.map((row) =>
                row.map((value) => (value === null ? null : allowedInXml(String(value)))),
              );
              expect(await parsedXml(file.text, spec)).toEqual(texts);
            }
          }
        }
      }),
      { numRuns: Number(process.env["FUZZ_RUNS"] ?? 40), endOnFailure: true },
    );
  });

  it("has the same cells as XLSX, read by another library", async () => {
    await fc.assert(
      fc.asyncProperty(scenes(tenantId), choices, async (generated, columns) => {
        const scene = withOwnIds(generated);
        await suite.insert(scene);
        for (const { compression: _none, ...spec } of specsOf(scene, "XLSX", columns)) {
          const rows = expectedRows(scene, spec);
          const file = await suite.export(spec);
          const [sheet, ...others] = await readWorkbook(file.bytes);
          expect(others).toEqual([]);
          expect(sheet).toMatchObject({ name: spec.reportType, formulas: 0 });
          expect(readCells(sheet!.rows, rows.length + 1)).toEqual(expectedCells(spec, rows));
          expect(sheet!.filter).toMatch(new RegExp(`^A1:[A-R]${rows.length + 1}$`, "u"));
          expect(file.rows).toBe(rows.length);
        }
      }),
      { numRuns: Number(process.env["FUZZ_RUNS"] ?? 40), endOnFailure: true },
    );
  });
});

/** The same scene with new ids, in the same order. */
function withOwnIds(scene: Scene): Scene {
  const fresh = new Map<string, string>();
  const run = randomUUID().slice(0, 8);
  return JSON.parse(JSON.stringify(scene), (key, value: unknown) => {
    const isId =
      typeof value === "string" && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u.test(value);
    if (!isId || value === tenantId || key === "external_id") return value;
    if (!fresh.has(value)) fresh.set(value, value.slice(0, 28) + run);
    return fresh.get(value);
  }) as Scene;
}
