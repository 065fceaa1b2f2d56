import { execFile } from "node:child_process";
import { createReadStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse } from "csv-parse";
import fc from "fast-check";
import type { ExportSpec } from "@docket/domain";
import { hostileText } from "@docket/testing/hostile-texts";
import { aScene, aTransaction } from "./builders.ts";
import { anyAmount, anyInstant, head } from "./hostile-values.ts";
import { guarded, TEXT_COLUMNS } from "./references.ts";
import { exportSuite } from "./suite.ts";
import { NUMBERS, TIMES } from "./xlsx-reference.ts";

/**
 * Opens whole workbooks in LibreOffice, and compares its cells with those of the CSV export. It takes minutes and an office program,
 * and so runs only where `TEST_LIBREOFFICE` names one: see CONTRIBUTING.md.
 */
const SOFFICE = process.env["TEST_LIBREOFFICE"];

/** The rows of a sheet without its header. */
const ROWS_PER_SHEET = 1_048_575;

/** CSV with commas, double quotes and UTF-8, all cells quoted that are texts, as they are shown, and a file for each sheet. */
const FILTER = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,true,false,false,false,-1";

const suite = exportSuite();
const directories: string[] = [];
afterAll(() => Promise.all(directories.map((path) => rm(path, { recursive: true, force: true }))));

/** Converts each sheet of a workbook to CSV, and returns the paths. Fails when LibreOffice cannot open the workbook as it is. */
async function convert(workbook: Buffer, sheets: readonly string[]): Promise<string[]> {
  const directory = await mkdtemp(join(tmpdir(), "docket-xlsx-"));
  directories.push(directory);
  const path = join(directory, "file.xlsx");
  await writeFile(path, workbook);
  const profile = `-env:UserInstallation=file://${directory}/profile`;
  const args = [profile, "--headless", "--convert-to", FILTER, "--outdir", directory, path];
  const { stderr } = await promisify(execFile)(SOFFICE!, args);
  expect(stderr).not.toMatch(/error|repair|corrupt/i);
  return sheets.map((sheet) => join(directory, `file-${sheet}.csv`));
}

type Cells = readonly string[];

async function* readCsv(source: NodeJS.ReadableStream): AsyncGenerator<Cells> {
  yield* source.pipe(parse({ relax_column_count: true }));
}

/** What CSV and LibreOffice write differently for the same value: the guard of a formula, times and numbers. */
function comparable(column: string, csv: string, shown: string): readonly [string, string] {
  if (TIMES.includes(column) && csv >= "1900-03-01")
    return [csv.replace(/[TZ]/g, " ").trim(), shown];
  if (NUMBERS.includes(column)) return [String(Number(csv)), String(Number(shown))];
  if (!TEXT_COLUMNS.includes(column)) return [csv, shown];
  return [oneLineBreak(csv), oneLineBreak(guarded(shown))];
}

/** LibreOffice ends every line of a cell with LF, if it has several lines. */
const oneLineBreak = (text: string): string => text.replaceAll(/\r\n|\n\r|\r/g, "\n");

/** Exports as CSV and XLSX, and compares every cell. @returns the number of rows. */
async function compare(spec: Omit<ExportSpec, "format">, sheets: readonly string[]) {
  const csv = await suite.export({ ...spec, format: "CSV" });
  const xlsx = await suite.export({ ...spec, format: "XLSX" });
  const paths = await convert(xlsx.bytes, sheets);
  const directory = directories.at(-1)!;
  await writeFile(join(directory, "export.csv"), csv.bytes);
  const expected = readCsv(createReadStream(join(directory, "export.csv")));
  const header = (await expected.next()).value as Cells;
  let rows = 0;
  for (const path of paths) {
    const sheet = readCsv(createReadStream(path));
    expect((await sheet.next()).value).toEqual(header);
    for await (const shown of sheet) {
      const row = (await expected.next()).value as Cells;
      rows += 1;
      for (const [index, column] of header.entries()) {
        const [wanted, found] = comparable(column, row[index]!, shown[index]!);
        if (wanted !== found)
          expect({ rows, column, value: found }).toEqual({ rows, column, value: wanted });
      }
    }
  }
  expect((await expected.next()).done).toBe(true);
  return rows;
}

(SOFFICE === undefined ? describe.skip : describe)("an XLSX export in LibreOffice", () => {
  const range = { reportType: "UNMATCHED", dateFrom: "0001-01-01", dateTo: "9999-12-31" } as const;

  it("has the cells of the CSV export, whatever their values", async () => {
    const scene = aScene(suite.tenantId);
    const values = fc.record({ text: hostileText, amount: anyAmount, date: anyInstant });
    const transactions = fc.sample(values, { numRuns: 5_000, seed: 1 }).map((value, index) =>
      aTransaction({
        source_id: scene.bank,
        external_id: head(value.text, 100) + String(index),
        description: value.text,
        amount: value.amount,
        date: value.date,
      }),
    );
    await suite.insert({ ...scene, transactions });
    const spec = { ...range, contextId: scene.contextId };
    expect(await compare(spec, ["UNMATCHED"])).toBe(transactions.length);
  }, 120_000);

  it("continues in a second sheet", async () => {
    const rows = 1_100_000;
    const scene = aScene(suite.tenantId);
    await suite.insert(scene);
    await suite.query(
      `INSERT INTO transactions (tenant_id, context_id, source_id, external_id, amount, currency, date, description)
       SELECT $1, $2, $3, 'T' || n, n / 100.0, 'EUR', timestamptz '2026-01-01Z' + n * interval '1 second', 'Card payment ' || n
       FROM generate_series(1, $4::int) n`,
      [suite.tenantId, scene.contextId, scene.bank, rows],
    );
    const spec = { ...range, contextId: scene.contextId };
    expect(rows).toBeGreaterThan(ROWS_PER_SHEET);
    expect(await compare(spec, ["UNMATCHED", "UNMATCHED 2"])).toBe(rows);
  }, 1_200_000);
});
