import { gzipSync } from "node:zlib";
import { CSV, line, type Push } from "./records.ts";

/** A faulty request; `sent` is its name in docs/ingest.md. */
export type Example = Push & {
  readonly sent: string;
  readonly chunks: readonly (Buffer | string)[];
};

const code = (text: string): string => `\`${text}\``;

/** A transaction with the given members. */
const member = (members: string): Example => ({
  sent: code(members),
  chunks: [line("2001", JSON.parse(`{${members}}`) as object)],
});

const json = (sent: string, ...chunks: (Buffer | string)[]): Example => ({ sent, chunks });

const HEADER = "source,externalId,amount,currency,date,description\n";
const GOOD = "Bank,2001,1.50,EUR,2026-01-15";

/** A line, or the header, of a CSV of transactions. */
const csv = (sent: string, ...chunks: (Buffer | string)[]): Example => ({
  sent,
  chunks,
  type: CSV,
});

const other =
  (kind: string, whole: object) =>
  (members: string): Example => ({
    sent: code(members),
    kind,
    chunks: [JSON.stringify({ ...whole, ...(JSON.parse(`{${members}}`) as object) })],
  });

const item = { source: "Bank", transaction: "1001" };
const group = other("match-groups", { externalId: "G", items: [item] });
const fee = other("fee-variances", {
  ...item,
  externalId: "F",
  feeScheduleId: "s",
  feeScheduleName: "S",
  currency: "EUR",
  expected: "1",
  actual: "2",
});
const exception = other("exceptions", { ...item, severity: "LOW" });

/** The data that the examples need: two transactions over 100 EUR, of which a confirmed group allocates 60 EUR of 1002. */
export const SCENE = {
  transactions: [line("1001", { amount: "100" }), line("1002", { amount: "100" })],
  "match-groups": [
    JSON.stringify({
      externalId: "taken",
      items: [{ source: "Bank", transaction: "1002", amount: "60" }],
    }),
  ],
};

/** By the heading of their table. */
export const LINE_FAULTS: Readonly<Record<string, readonly Example[]>> = {
  "Any line": [
    json("a line cut off in the middle", line("2001").slice(0, -20)),
    json("a value that is not an object", "[1]"),
    json("a line over 64 KiB", line("2001", { description: "x".repeat(65_536) })),
    json("bytes that are not UTF-8", Buffer.from([0x7b, 0xff, 0x7d])),
    json("a NUL byte", '{"source":"Bank","externalId":"\0"}'),
    member(String.raw`"description":"\u0000"`),
    member(String.raw`"description":"\ud800"`),
    json(code('{"source":"Bank"}'), '{"source":"Bank"}'),
    member('"colour":"red"'),
    json(
      code('"amount":"1","amount":"2"'),
      line("2001", { description: '"x":1' }).replace('"amount":', '"amount":"1","amount":'),
    ),
    json("the same transaction on two lines", line("2001"), line("2001")),
  ],
  Transactions: [
    member('"source":"Bnak"'),
    member('"externalId":""'),
    member('"amount":12.5'),
    member('"amount":"1e3"'),
    member('"amount":"0.123456789"'),
    member('"amount":"123456789012345678901"'),
    member('"amount":"1,000.00"'),
    member('"currency":"EURO"'),
    member('"date":"2026-02-30"'),
    member('"status":"MATCHED"'),
    member('"status":"DONE"'),
    json("a new transaction without `date`", line("2001", { date: undefined })),
    json("an amount below what confirmed groups allocate", line("1002", { amount: "50" })),
  ],
  "Match groups": [
    group('"items":[]'),
    group('"items":[{"source":"Bank"}]'),
    group('"items":[{"source":"Bank","transaction":"7777"}]'),
    group('"items":[{"source":"Bank","transaction":"1001","amount":"120"}]'),
    group('"items":[{"source":"Bank","transaction":"1001","currency":"USD"}]'),
    {
      ...group(`"items":${JSON.stringify([item, item])}`),
      sent: "the same transaction twice in `items`",
    },
    group('"confidence":"99"'),
    group('"confidence":101'),
    { sent: "a new group without `items`", kind: "match-groups", chunks: ['{"externalId":"G"}'] },
    {
      sent: "in CSV, two lines of one group with different rules",
      kind: "match-groups",
      type: CSV,
      chunks: ["externalId,rule,source,transaction\nG,exact,Bank,1001\nG,fuzzy,Bank,1002\n"],
    },
  ],
  "Fee variances": [fee('"transaction":"7777"'), fee('"expected":1')],
  Exceptions: [
    exception('"transaction":"7777"'),
    exception('"severity":"SEVERE"'),
    exception('"dueAt":"tomorrow"'),
  ],
  CSV: [
    csv("a column `colour`", `source,externalId,colour\n${GOOD}\n`),
    csv("a column that occurs twice", "source,externalId,amount,amount\n"),
    csv("a header without `source`", "externalId\n2001\n"),
    csv("lines that end in CR alone", `${HEADER}${GOOD},\n`.replaceAll("\n", "\r")),
    csv("an unquoted comma", `${HEADER}${GOOD},rent, March\n`),
    csv('a quote in the middle of a cell: `12" pipe`', `${HEADER}${GOOD},12" pipe\n`),
    csv("a quote that is never closed", `${HEADER}${GOOD},"rent\n`),
    csv(
      "a quote that is never closed, followed by 64 KiB",
      `${HEADER}${GOOD},"rent\n${"x\n".repeat(40_000)}`,
    ),
    csv("a file in Windows-1252", HEADER, Buffer.from(`${GOOD},caf\xe9\n`, "latin1")),
  ],
};

/** Requests that are refused as a whole. */
export const BODY_FAULTS: readonly Example[] = [
  {
    ...json("a truncated or damaged gzip body", gzipSync(line("2001")).subarray(0, -4)),
    headers: { "Content-Encoding": "gzip" },
  },
  {
    ...json(
      "a gzip body that expands to more than 100 times its size",
      gzipSync(Buffer.alloc(32 * 1_048_576, "\n")),
    ),
    headers: { "Content-Encoding": "gzip" },
  },
  { ...json(code("Content-Type: application/json"), line("2001")), type: "application/json" },
  {
    ...json(code("Content-Type: text/csv; charset=windows-1252"), line("2001")),
    type: "text/csv; charset=windows-1252",
  },
  { ...json(code("Content-Encoding: br"), line("2001")), headers: { "Content-Encoding": "br" } },
  {
    ...json("records for an unknown context", line("2001")),
    context: "01980000-0000-7000-8000-000000000000",
  },
  { ...json("an unknown kind", line("2001")), kind: "payments" },
];
