import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Docket } from "@docket/client";
import { parse } from "csv-parse/sync";

/** A row of an export file, by column. A null is missing or empty. */
export type FileRow = Readonly<Record<string, string>>;

/** Parses an export file. */
export function parseExport(format: string, text: string): readonly FileRow[] {
  if (format === "CSV") return parse(text, { columns: true });
  if (format === "JSON") return JSON.parse(text) as FileRow[];
  return [...text.matchAll(/^\s*<row>(.*)<\/row>$/gm)].map(([, elements = ""]) =>
    Object.fromEntries(
      [...elements.matchAll(/<(\w+)>([^<]*)<\/\1>/g)].map(([, name, value]) => [name, value]),
    ),
  );
}

const DECIMALS = 8;

/** A decimal in units of 10⁻⁸. */
export function exact(decimal: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d{1,8}))?$/.exec(decimal);
  if (match === null) throw new Error(`${decimal} is not a decimal`);
  const [, sign, whole, fraction = ""] = match;
  return BigInt(`${sign}${whole}${fraction.padEnd(DECIMALS, "0")}`);
}

export const sum = (amounts: readonly bigint[]): bigint =>
  amounts.reduce((total, amount) => total + amount, 0n);

/** Reads the only file of a report in a directory. */
export function readDownloadedExport(
  directory: string,
  report: string,
  format: string,
): readonly FileRow[] {
  const [name, ...more] = readdirSync(directory).filter((each) => each.startsWith(`${report}_`));
  expect(more).toEqual([]);
  return parseExport(format, readFileSync(join(directory, name ?? report), "utf8"));
}

/** Runs an export of 1993, downloads it and verifies its size and digest. */
export async function downloadExport(
  client: Docket,
  contextId: string,
  reportType: string,
  format: string,
): Promise<readonly FileRow[]> {
  const chunks: Uint8Array[] = [];
  const to = new WritableStream<Uint8Array>({ write: (chunk) => void chunks.push(chunk) });
  const range = { dateFrom: "1993-01-01", dateTo: "1993-12-31" };
  const signal = AbortSignal.timeout(50_000);
  const request = { reportType, format, ...range };
  const { job } = await client.exportJobs.run(contextId, request, { to, signal });
  const file = Buffer.concat(chunks);
  const rows = parseExport(format, file.toString("utf8"));
  expect(rows).toHaveLength(job.recordsWritten);
  return rows;
}
