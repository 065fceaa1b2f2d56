import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "csv-stringify/sync";
import { xlsxFile } from "../support/xlsx-file.ts";

const SOFFICE = process.env["TEST_LIBREOFFICE"];

const COLUMNS = [
  { name: "text", kind: "text" },
  { name: "amount", kind: "decimal" },
  { name: "at", kind: "timestamp" },
] as const;

const TEXTS = [
  "=1+1",
  "+1",
  "-x",
  "@a",
  " spaces ",
  "00123",
  "1e5",
  "2026-01-01",
  "TRUE",
  "'quoted",
  "_x0041_",
  "_X000d_",
  "_x0041\u0001",
  "tab\tx",
  "line\nbreak",
  "cr\rx",
  'a,b"c',
  "é😀",
  "<&>",
];

/** CSV with commas, double quotes, UTF-8, cells as they are shown, and a file for each sheet. */
const FILTER = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1";

/** The sheets of a workbook as LibreOffice converts them to CSV. */
async function convert(workbook: Buffer, sheets: readonly string[]): Promise<string[]> {
  const directory = await mkdtemp(join(tmpdir(), "docket-xlsx-"));
  try {
    await writeFile(join(directory, "file.xlsx"), workbook);
    const profile = `-env:UserInstallation=file://${directory}/profile`;
    const args = [profile, "--headless", "--convert-to", FILTER, "--outdir", directory];
    await promisify(execFile)(SOFFICE!, [...args, join(directory, "file.xlsx")]);
    return await Promise.all(
      sheets.map((sheet) => readFile(join(directory, `file-${sheet}.csv`), "utf8")),
    );
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

(SOFFICE === undefined ? describe.skip : describe)("an XLSX file in LibreOffice", () => {
  it("shows every text, number and time as it is, in all sheets", async () => {
    const rows = TEXTS.map((text, second) => [
      text,
      `${second}.5`,
      `2026-01-15T10:30:${String(second).padStart(2, "0")}Z`,
    ]);
    const workbook = await xlsxFile(COLUMNS, rows, { rowsPerEntry: 10 });
    const shown = rows.map(([text, amount, at]) => [
      text,
      amount,
      at!.replace("T", " ").replace("Z", ""),
    ]);
    const header = COLUMNS.map(({ name }) => name);
    const expected = [shown.slice(0, 10), shown.slice(10)].map((sheet) =>
      stringify([header, ...sheet], { record_delimiter: "\n", quoted_match: /\r/u }),
    );
    expect(await convert(workbook, ["MATCHED", "MATCHED 2"])).toEqual(expected);
  }, 120_000);
});
