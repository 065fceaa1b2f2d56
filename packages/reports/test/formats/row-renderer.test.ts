import type { ExportSpec } from "@docket/domain";
import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import { create } from "xmlbuilder2";
import { fileFormats } from "../../src/formats/catalogue.ts";
import { viewOf } from "../../src/formats/bytes.ts";
import {
  createRowRenderer,
  type RenderedColumn,
  type RowRenderer,
} from "../../src/formats/row-renderer.ts";
import { binaryRow, type Value } from "../support/binary-row.ts";
import { hostileText } from "@docket/testing/hostile-texts";

const columns = [
  { name: "id", kind: "uuid" },
  { name: "text", kind: "text" },
  { name: "amount", kind: "decimal", nullable: true },
  { name: "note", kind: "text", nullable: true },
  { name: "state", kind: "enum" },
  { name: "share", kind: "percent", nullable: true },
  { name: "count", kind: "integer" },
  { name: "at", kind: "timestamp", nullable: true },
  { name: "other", kind: "text", nullable: true },
] as const;

const kinds = columns.map(({ kind }) => kind);
const names = columns.map(({ name }) => name);
const spec = {
  reportType: "MATCHED",
  format: "CSV",
  contextId: "01980000-0000-7000-8000-000000000001",
  dateFrom: "2026-01-01",
  dateTo: "2026-01-31",
} satisfies ExportSpec;

const nullable = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 4 });

const row: fc.Arbitrary<Value[]> = fc.tuple(
  fc.uuid(),
  hostileText,
  nullable(fc.constantFrom("0", "-0.5", "12345.67800001", "99999999999999999999.99999999")),
  nullable(hostileText),
  fc.constantFrom("EUR", "PENDING_REVIEW"),
  nullable(fc.constantFrom("0.00", "-12.50", "100.00")),
  fc.nat(),
  nullable(fc.constantFrom("2026-01-15T10:30:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z")),
  nullable(hostileText),
);

/** A row, written where the memory still holds another one, between other bytes. */
function rendered({ render, room }: RowRenderer, bytes: Buffer): string {
  const rows = Buffer.concat([Buffer.alloc(3, "#"), bytes, Buffer.alloc(3, "#")]);
  const out = Buffer.alloc(room(bytes.length) + 1, "#");
  const end = render(viewOf(rows), 3, bytes.length, viewOf(out), 1, 0);
  expect(end).toBeLessThanOrEqual(out.length);
  expect(out.toString("utf8", 0, 1)).toBe("#");
  return out.toString("utf8", 1, end);
}

/** The file as the renderer writes it. */
function file(name: keyof typeof fileFormats, rows: readonly Value[][]): string {
  const format = fileFormats[name];
  const head = format.head(spec, columns);
  if (rows.length === 0) return format.empty(head);
  const inputs: RenderedColumn[] = columns.map((column, input) => ({ ...column, input }));
  const layout = { format, columns: inputs, inputs: columns.length, sourceNames: new Map() };
  const renderer = createRowRenderer(layout);
  const lines = rows.map((values) => rendered(renderer, binaryRow(kinds, values)));
  return head + lines.join(format.betweenRows) + format.tail;
}

const FORMULA = /^[=@\t\r\n\uff1d\uff0b\uff0d\uff20]/u;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu;

/** docs/api.md §3, CSV. */
function guarded(text: string): string {
  const isFormula = FORMULA.test(text) || (/^[+-]/u.test(text) && !NUMBER.test(text));
  return isFormula ? `'${text}` : text;
}

/** docs/api.md §3, XML: characters that XML 1.0 forbids become U+FFFD. */
const allowedInXml = (text: string): string =>
  text.replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd");

const jsonOf = (values: readonly Value[]): string =>
  JSON.stringify(Object.fromEntries(values.map((value, index) => [names[index], value])));

const references = {
  CSV: (rows: readonly Value[][]) =>
    stringify(
      [
        names,
        ...rows.map((values) =>
          values.map((value, index) =>
            kinds[index] === "text" && value !== null ? guarded(String(value)) : value,
          ),
        ),
      ],
      // An empty text is quoted, as null is not; a CR is quoted whatever ends the records.
      { record_delimiter: "\n", quoted_match: /^$|\r/u },
    ),
  JSON: (rows: readonly Value[][]) => {
    const lines = rows.map(jsonOf);
    return lines.length === 0 ? "[]" : `[\n${lines.join(",\n")}\n]\n`;
  },
  NDJSON: (rows: readonly Value[][]) => rows.map((values) => `${jsonOf(values)}\n`).join(""),
  XML: (rows: readonly Value[][]) => {
    const lines = rows.map((values) => {
      const element = create().ele("row");
      for (const [index, value] of values.entries()) {
        // xmlbuilder2 leaves an "&lt;" in a text alone, and so needs every "&" escaped.
        const text = allowedInXml(String(value)).replaceAll("&", "&amp;");
        if (value !== null) element.ele(names[index]!).txt(text);
      }
      const line = element.toString({ allowEmptyTags: true });
      return `${line.replaceAll("\r", "&#13;").replaceAll("\n", "&#10;")}\n`;
    });
    return `<?xml version="1.0" encoding="UTF-8"?>
<export reportType="MATCHED" contextId="${spec.contextId}" dateFrom="2026-01-01" dateTo="2026-01-31">
${lines.join("")}</export>
`;
  },
} as const;

describe.each(["CSV", "JSON", "XML", "NDJSON"] as const)("a %s file", (name) => {
  it("is what the reference library writes, for any rows", () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 5 }), (rows) => {
        expect(file(name, rows)).toBe(references[name](rows));
      }),
      { numRuns: 1_000 },
    );
  });

  it("holds texts of any width", () => {
    const wide = [
      "&".repeat(70_000),
      '"'.repeat(70_000),
      "\u0001".repeat(70_000),
      "é".repeat(70_000),
    ];
    for (const text of wide) {
      const rows: Value[][] = [
        ["01980000-0000-7000-8000-000000000002", text, null, text, "EUR", null, 1, null, null],
      ];
      expect(file(name, rows)).toBe(references[name](rows));
    }
  });
});

describe("a row renderer", () => {
  const inputs = columns.map((column, input) => ({ ...column, input }));
  const renderer = createRowRenderer({
    format: fileFormats.CSV,
    columns: inputs,
    inputs: columns.length,
    sourceNames: new Map(),
  });

  it("fails on a row with another number of values", () => {
    const short = binaryRow(["uuid"], ["01980000-0000-7000-8000-000000000002"]);
    expect(() => rendered(renderer, short)).toThrow("number of columns");
  });

  it("writes columns in any order, and one value in several columns", () => {
    const twice = createRowRenderer({
      format: fileFormats.CSV,
      columns: [
        { name: "second", kind: "enum", input: 1 },
        { name: "first", kind: "uuid", input: 0 },
        { name: "second_again", kind: "enum", input: 1 },
      ],
      inputs: 2,
      sourceNames: new Map(),
    });
    const id = "01980000-0000-7000-8000-000000000002";
    const line = rendered(twice, binaryRow(["uuid", "enum"], [id, "EUR"]));
    expect(line).toBe(`EUR,${id},EUR\n`);
  });

  it("writes the day of each row, in files of the same columns that are written at the same time", () => {
    const layout = {
      format: fileFormats.CSV,
      columns: [{ name: "at", kind: "timestamp", input: 0 }],
      inputs: 1,
      sourceNames: new Map(),
    } as const;
    const files = [createRowRenderer(layout), createRowRenderer(layout)];
    const days = ["2026-01-15T10:30:00Z", "2026-01-16T00:00:00Z", "2025-12-31T23:59:59Z"];
    for (const day of [...days, ...days])
      for (const one of files)
        expect(rendered(one, binaryRow(["timestamp"], [day]))).toBe(`${day}\n`);
  });

  it("renders more combinations of columns than it keeps code for", () => {
    const values = ["01980000-0000-7000-8000-000000000002", "EUR", 7];
    const allKinds = ["uuid", "enum", "integer"] as const;
    const bytes = binaryRow(allKinds, values);
    const orders = Array.from({ length: 200 }, (_, index) =>
      Array.from({ length: 5 }, (__, digit) => Math.floor(index / 3 ** digit) % 3),
    );
    const files = orders.map((order) => ({
      expected: `${order.map((input) => values[input]).join(",")}\n`,
      renderer: createRowRenderer({
        format: fileFormats.CSV,
        columns: order.map((input, index) => ({
          name: `column_${index}`,
          kind: allKinds[input]!,
          input,
        })),
        inputs: 3,
        sourceNames: new Map(),
      }),
    }));
    for (const { renderer: one, expected } of files) expect(rendered(one, bytes)).toBe(expected);
  });

  it("writes the name of a source in place of its ID, escaped as any text", () => {
    const [first, second] = [
      "01980000-0000-7000-8000-00000000000a",
      "01980000-1111-7000-8000-00000000000a",
    ];
    const named = (...sources: [string, string][]): ((id: string) => string) => {
      const namedRenderer = createRowRenderer({
        format: fileFormats.CSV,
        columns: [
          { name: "source_name", kind: "text", lookup: "source-name", input: 0 },
          { name: "source_id", kind: "uuid", input: 0 },
        ],
        inputs: 1,
        sourceNames: new Map(sources),
      });
      return (id) => rendered(namedRenderer, binaryRow(["uuid"], [id]));
    };
    const line = named([first, '=Bank, "main"'], [second, '"']);
    // Files of the same columns share the generated code, and not the names.
    const lineOfAnother = named([first, "A long name in another context, at the same time"]);
    expect(line(first)).toBe(`"'=Bank, ""main""",${first}\n`);
    expect(line(second)).toBe(`"""",${second}\n`);
    expect(() => line("01980000-2222-7000-8000-00000000000a")).toThrow("unknown source");
    expect(lineOfAnother(first)).toBe(
      `"A long name in another context, at the same time",${first}\n`,
    );
    expect(() => lineOfAnother(second)).toThrow("unknown source");
  });
});
