import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Client } from "@docket/client";
import { waitFor } from "@docket/testing";
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
  client: Client,
  contextId: string,
  reportType: string,
  format: string,
): Promise<readonly FileRow[]> {
  const { jobId } = await client.orderExport(contextId, {
    reportType,
    format,
    dateFrom: "1993-01-01",
    dateTo: "1993-12-31",
  });
  const job = await waitFor(
    async () => {
      const { job: current } = await client.exportJob(jobId);
      return !["QUEUED", "RUNNING"].includes(current.status) && current;
    },
    { timeoutMs: 50_000, everyMs: 100 },
  );
  expect(job).toMatchObject({ status: "SUCCEEDED" });
  const { downloadUrl, sha256 } = await client.download(jobId);
  const file = Buffer.from(await (await fetch(downloadUrl)).arrayBuffer());
  expect(createHash("sha256").update(file).digest("hex")).toBe(sha256);
  expect(file.byteLength).toBe(job.bytesWritten);
  const rows = parseExport(format, file.toString("utf8"));
  expect(rows).toHaveLength(job.recordsWritten);
  return rows;
}
