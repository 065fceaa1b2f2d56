import { hostileText } from "@docket/testing/hostile-texts";
import { readWorkbook, type CellValue } from "@docket/testing/xlsx";
import fc from "fast-check";
import { fileFormats } from "../../src/formats/catalogue.ts";
import type { Value } from "../support/binary-row.ts";
import { xlsxFile } from "../support/xlsx-file.ts";

const columns = [
  { name: "id", kind: "uuid" },
  { name: "text", kind: "text" },
  { name: "amount", kind: "decimal" },
  { name: "state", kind: "enum" },
  { name: "share", kind: "percent" },
  { name: "count", kind: "integer" },
  { name: "at", kind: "timestamp" },
] as const;

const HEADER = columns.map(({ name }) => name);

const nullable = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 4 });

const digit = fc.integer({ min: 0, max: 9 });
const digits = fc.array(digit, { minLength: 1, maxLength: 20 }).map((each) => each.join(""));
const decimal = fc
  .tuple(fc.constantFrom("", "-"), digits, fc.option(digits, { nil: "" }))
  .map(([sign, whole, part]) => {
    const fraction = part.slice(0, 8).replace(/0+$/u, "");
    return `${sign}${whole.replace(/^0+(?=\d)/u, "")}${fraction === "" ? "" : `.${fraction}`}`;
  })
  .map((text) => (/^-[0.]+$/u.test(text) ? text.slice(1) : text));

/** Texts around what spreadsheets take for the code of a character. */
const codes = fc
  .array(
    fc.constantFrom(
      "_",
      "x",
      "X",
      "0041",
      "000d",
      "FFFE",
      "_x005F_",
      "\u0001",
      "\r",
      "\uffff",
      "a",
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(""));

const time = fc
  .oneof(
    fc.constantFrom(
      "0001-01-01T00:00:00Z",
      "1900-02-28T23:59:59Z",
      "1900-03-01T00:00:00Z",
      "9999-12-31T23:59:59Z",
    ),
    fc
      .date({ min: new Date("1890-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
      .map((date) => date.toISOString()),
  )
  .map((text) => `${text.slice(0, 19)}Z`);

const row: fc.Arbitrary<Value[]> = fc.tuple(
  fc.uuid(),
  nullable(fc.oneof(hostileText, codes)),
  nullable(decimal),
  fc.constantFrom("EUR", "PENDING_REVIEW"),
  nullable(fc.constantFrom("0.00", "-12.50", "100.00", "9999999999999.99", "99999999999999.99")),
  fc.integer(),
  nullable(time),
);

/** docs/api.md §3, XLSX: a number with more than 15 digits is a text. */
function numberOrText(text: string): CellValue {
  const significant = text.replace(/[-.]/gu, "").replace(/^0+/u, "");
  return significant.length > 15 ? text : Number(text);
}

const dateOrText = (text: string): CellValue => (text < "1900-03-01" ? text : new Date(text));

function expected(values: readonly Value[]): CellValue[] {
  const [id, text, amount, state, share, count, at] = values.map((value) =>
    value === null ? null : String(value),
  );
  const cells = [
    id!,
    // The reader, as Excel, does not tell an empty text from an empty cell.
    text || null,
    amount && numberOrText(amount),
    state!,
    share && numberOrText(share),
    numberOrText(count!),
    at && dateOrText(at),
  ];
  return cells.map((cell) => cell ?? null);
}

const withoutEmptyTexts = (rows: readonly (readonly CellValue[])[]): CellValue[][] =>
  rows.map((cells) =>
    columns.map((_, index) => (cells[index] === "" ? null : (cells[index] ?? null))),
  );

describe("an XLSX file", () => {
  it("has the values and the types of any rows", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 6 }), async (rows) => {
        const [sheet, ...others] = await readWorkbook(await xlsxFile(columns, rows));
        expect(others).toEqual([]);
        expect(sheet).toMatchObject({ name: "MATCHED", frozenRows: 1, formulas: 0 });
        expect(sheet!.filter).toBe(`A1:G${rows.length + 1}`);
        expect(withoutEmptyTexts(sheet!.rows)).toEqual([HEADER, ...rows.map(expected)]);
      }),
      { numRuns: 300 },
    );
  });

  const numbered = (count: number): Value[][] =>
    Array.from({ length: count }, (_, index) => [`T${index}`, index]);
  const NUMBERED = [
    { name: "name", kind: "text" },
    { name: "n", kind: "integer" },
  ] as const;

  it.each([
    [0, [1]],
    [3, [4]],
    [4, [4, 2]],
    [6, [4, 4]],
    [7, [4, 4, 2]],
  ])(
    "with %d rows in sheets of 3 has sheets of %j rows, each with the header",
    async (count, sizes) => {
      const file = await xlsxFile(NUMBERED, numbered(count), { rowsPerEntry: 3 });
      const sheets = await readWorkbook(file);
      expect(sheets.map(({ rows }) => rows.length)).toEqual(sizes);
      expect(sheets.map(({ name }) => name)).toEqual(
        ["MATCHED", "MATCHED 2", "MATCHED 3"].slice(0, sizes.length),
      );
      expect(sheets.map(({ filter }) => filter)).toEqual(sizes.map((size) => `A1:B${size}`));
      const [header] = new Set(sheets.map(({ rows }) => JSON.stringify(rows[0])));
      expect(header).toBe('["name","n"]');
      expect(sheets.flatMap(({ rows }) => rows.slice(1))).toEqual(numbered(count));
    },
  );

  it("has as many rows in a sheet as Excel, the header included", () => {
    expect(fileFormats.XLSX.archive?.rowsPerEntry).toBe(1_048_575);
  });

  it("has the same bytes for the same rows, however they are cut into chunks", async () => {
    const rows = numbered(5_000);
    const whole = await xlsxFile(NUMBERED, rows);
    expect((await xlsxFile(NUMBERED, rows)).equals(whole)).toBe(true);
    expect((await xlsxFile(NUMBERED, rows, { chunkBytes: 1_009 })).equals(whole)).toBe(true);
  });

  it("is a ZIP64 archive if its sizes or offsets need it", async () => {
    const rows = numbered(500);
    for (const maxPlain of [0, 1_000, 5_000]) {
      const file = await xlsxFile(NUMBERED, rows, { maxPlain, rowsPerEntry: 300 });
      const sheets = await readWorkbook(file);
      expect(sheets.flatMap((sheet) => sheet.rows.slice(1))).toEqual(rows);
    }
  });

  it("holds texts of up to 32,767 UTF-16 units, and names the column of a longer one", async () => {
    const TEXT = [{ name: "description", kind: "text" }] as const;
    for (const text of ["a".repeat(32_767), "é".repeat(32_767), "\u0001".repeat(32_767)]) {
      const [sheet] = await readWorkbook(await xlsxFile(TEXT, [[text]]));
      expect(sheet!.rows[1]).toEqual([text]);
      await expect(xlsxFile(TEXT, [[`${text}a`]])).rejects.toMatchObject({
        name: "CellTooLong",
        column: "description",
      });
    }
    // 16,384 characters, each of two units.
    await expect(xlsxFile(TEXT, [["😀".repeat(16_384)]])).rejects.toThrow("description");
  });
});
