import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { REPORT_TYPES, type ExportSpec, type Format } from "@docket/domain";
import { reports } from "@docket/reports";
import { scenes } from "./arbitraries.ts";
import { expectedRows } from "./model.ts";
import { allowedInXml, references, type Row } from "./references.ts";
import type { Scene } from "./scene.ts";
import { exportSuite } from "./suite.ts";

const FORMATS: readonly Format[] = ["CSV", "JSON", "XML"];
const suite = exportSuite();
const { tenantId } = suite;

/** Every report of a scene, of any source and of its first one. */
const specsOf = (scene: Scene, format: Format): ExportSpec[] =>
  REPORT_TYPES.flatMap((reportType) => {
    const spec = {
      reportType,
      format,
      contextId: scene.contextId,
      dateFrom: "2026-01-01",
      dateTo: "2026-01-31",
    };
    return [spec, { ...spec, sourceId: scene.sources[0]!.id }];
  });

/**
 * The rows of an XML file as libxml2 parses it, in Postgres' XMLTABLE. (xmlbuilder2 wrote the reference, but does not
 * do as a parser: it decodes `&amp;#13;` twice.)
 */
async function parsedXml(file: string, reportType: ExportSpec["reportType"]): Promise<Row[]> {
  const names = reports[reportType].map(({ name }) => name);
  const rows = await suite.ask<Record<string, string | null>>(
    `SELECT * FROM XMLTABLE('/export/row' PASSING (CAST($1 AS xml)) COLUMNS ${names.map((name) => `${name} text`).join(", ")})`,
    [file],
  );
  return rows.map((row) => names.map((name) => row[name]!));
}

describe("the rows that Postgres renders", () => {
  it("are the bytes of csv-stringify, JSON.stringify and xmlbuilder2, for any data", async () => {
    await fc.assert(
      fc.asyncProperty(scenes(tenantId), async (generated) => {
        // Runs, and above all their shrinking, must not meet each other's rows.
        const scene = withOwnIds(generated);
        await suite.insert(scene);
        for (const format of FORMATS) {
          for (const spec of specsOf(scene, format)) {
            const rows = expectedRows(scene, spec);
            const file = await suite.export(spec);
            expect(file.text).toBe(references[format](spec, rows));
            expect([file.rows, file.counted]).toEqual([rows.length, rows.length]);
            if (format === "JSON") expect(JSON.parse(file.text)).toHaveLength(rows.length);
            if (format === "XML") {
              const texts = rows.map((row) =>
                row.map((value) => (value === null ? null : allowedInXml(String(value)))),
              );
              expect(await parsedXml(file.text, spec.reportType)).toEqual(texts);
            }
          }
        }
      }),
      { numRuns: Number(process.env["FUZZ_RUNS"] ?? 40), endOnFailure: true },
    );
  });
});

/** The same scene under ids that were never used, in the same order. */
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
