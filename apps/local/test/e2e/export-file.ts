import { createHash } from "node:crypto";

import { waitFor } from "@docket/testing";
import { parse } from "csv-parse/sync";

import type { Client } from "@docket/client";

/** A row of an export file, by column; what is null is absent or empty. */
export type FileRow = Readonly<Record<string, string>>;

/** The rows of an export file, read as a client would. */
export function rowsOf(format: string, text: string): readonly FileRow[] {
  if (format === "CSV") return parse(text, { columns: true });
  if (format === "JSON") return JSON.parse(text) as FileRow[];
  return [...text.matchAll(/^\s*<row>(.*)<\/row>$/gm)].map(([, elements = ""]) =>
    Object.fromEntries(
      [...elements.matchAll(/<(\w+)>([^<]*)<\/\1>/g)].map(([, name, value]) => [name, value]),
    ),
  );
}

const DECIMALS = 8;

/** A decimal as a whole number of 10⁻⁸, exactly. */
export function exact(decimal: string): bigint {
  const parts = /^(-?)(\d+)(?:\.(\d{1,8}))?$/.exec(decimal);
  if (parts === null) throw new Error(`${decimal} is no decimal`);
  const [, sign, whole, fraction = ""] = parts;
  return BigInt(`${sign}${whole}${fraction.padEnd(DECIMALS, "0")}`);
}

export const sum = (amounts: readonly bigint[]): bigint =>
  amounts.reduce((total, amount) => total + amount, 0n);

/** Orders an export of 1993, waits for it, downloads it by its presigned link and checks its size and digest. */
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
      const { job: now } = await client.exportJob(jobId);
      return !["QUEUED", "RUNNING"].includes(now.status) && now;
    },
    { timeoutMs: 50_000, everyMs: 100 },
  );
  expect(job).toMatchObject({ status: "SUCCEEDED" });
  const { downloadUrl, sha256 } = await client.download(jobId);
  const file = Buffer.from(await (await fetch(downloadUrl)).arrayBuffer());
  expect(createHash("sha256").update(file).digest("hex")).toBe(sha256);
  expect(file.byteLength).toBe(job.bytesWritten);
  const rows = rowsOf(format, file.toString("utf8"));
  expect(rows).toHaveLength(job.recordsWritten);
  return rows;
}
