import type { Docket, ExportJob } from "@docket/client";

import type { Inventory } from "./inventory.ts";
import { verifyFile } from "./verify-file.ts";

/** Checks the final states of the jobs, the bucket and the records. @returns one sentence per fault */
export function findStateFaults(
  jobs: readonly ExportJob[],
  { orphans, missing, strayRecords }: Inventory,
  msSinceLastKill: number,
): string[] {
  const remains = `still exists ${Math.round(msSinceLastKill / 1_000)} s after the last kill`;
  return [
    ...jobs
      .filter(({ status }) => status !== "SUCCEEDED")
      .map(({ id, status, error }) => `job ${id} is ${status} ${error ?? ""}`.trimEnd()),
    ...jobs
      .filter(({ attempts }) => attempts > 0)
      .map(({ id, attempts }) => `job ${id} used ${attempts} attempts`),
    ...orphans.map((key) => `the orphan ${key} ${remains}`),
    ...strayRecords.map((key) => `the record of ${key} has no owner and ${remains}`),
    ...missing.map((key) => `the file ${key} of a job is missing`),
  ];
}

/** Verifies the files of all SUCCEEDED jobs. @returns one sentence per fault */
export async function findFileFaults(
  client: Docket,
  jobs: readonly ExportJob[],
  signal: AbortSignal,
): Promise<string[]> {
  const faults: string[] = [];
  const digests = new Map<string, string | undefined>();
  for (const job of jobs.filter(({ status }) => status === "SUCCEEDED")) {
    const found = await verifyFile(client, job, signal);
    // Exports of unchanged data have the same bytes.
    const kind = `${job.reportType} ${job.format}`;
    if (!digests.has(kind)) digests.set(kind, job.sha256);
    if (digests.get(kind) !== job.sha256) found.push(`the file differs from another ${kind}`);
    faults.push(...found.map((fault) => `job ${job.id}: ${fault}`));
  }
  return faults;
}
