import { setMaxListeners } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { Client, ExportJob } from "@docket/client";
import { addDays, FORMATS, REPORT_TYPES } from "@docket/domain";

import { downloadFile } from "./download.ts";
import type { ExportProgress, Progress } from "./progress.ts";

export type ExportRun = {
  readonly client: Client;
  readonly contextId: string;
  /** The directory for the downloaded files. */
  readonly directory: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
};

/** A downloaded and verified file. */
export type ExportResult = {
  readonly fileName: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
};

type ExportRequest = { readonly reportType: string; readonly format: string };

const TIMEOUT_MS = 120_000;

/** Exports every report in every format, all at once, and downloads and verifies each file. */
export async function exportEverything(run: ExportRun): Promise<readonly ExportResult[]> {
  // The first failure aborts the other exports.
  const failed = new AbortController();
  const signal = AbortSignal.any([run.signal, failed.signal, AbortSignal.timeout(TIMEOUT_MS)]);
  // Each export adds several listeners, which Node would report as a leak.
  setMaxListeners(0, signal);
  const requests = REPORT_TYPES.flatMap((reportType) =>
    Object.keys(FORMATS).map((format) => ({ reportType, format })),
  );
  return Promise.all(
    requests.map(async (request) => {
      const { reportType, format } = request;
      const progress = run.progress.add(`${reportType} ${format}`);
      try {
        return await exportOne({ ...run, signal }, request, progress);
      } catch (error) {
        progress.update({ state: "failed" });
        failed.abort();
        const { message } = error as Error;
        throw new Error(`${reportType} as ${format}: ${message}`, { cause: error });
      }
    }),
  );
}

/** Exports one report, downloads the file and compares it with the digest and the size in its job. */
export async function exportOne(
  { client, contextId, directory, signal }: Omit<ExportRun, "progress">,
  { reportType, format }: ExportRequest,
  progress?: ExportProgress,
): Promise<ExportResult> {
  // The widest range that the API allows covers all of the demo's data, whenever it was created.
  const dateTo = addDays(new Date().toISOString().slice(0, 10), 1);
  const dateFrom = addDays(dateTo, -365);
  const { jobId } = await client.orderExport(contextId, { reportType, format, dateFrom, dateTo });
  const job = await pollUntilFinished(client, jobId, signal, progress);
  if (job.status !== "SUCCEEDED") {
    throw new Error(`the job ended ${job.status}: ${job.error ?? "no reason given"}`);
  }
  const rows = job.recordsWritten;
  progress?.update({ percent: 99, state: "downloading", rows });
  const { downloadUrl, fileName, sha256 } = await client.download(jobId);
  const file = await downloadFile(downloadUrl, join(directory, fileName), signal);
  if (file.sha256 !== sha256) throw new Error("the file's SHA-256 differs from the job's");
  if (file.bytes !== job.bytesWritten) throw new Error("the file's size differs from the job's");
  progress?.update({ percent: 100, state: "SHA-256 ok", rows });
  return { fileName, rows, ...file };
}

async function pollUntilFinished(
  client: Client,
  jobId: string,
  signal: AbortSignal,
  progress?: ExportProgress,
): Promise<ExportJob> {
  for (;;) {
    const { job, retryAfterMs } = await client.exportJob(jobId);
    if (!["QUEUED", "RUNNING"].includes(job.status)) return job;
    const { percent = 0, status, recordsWritten: rows } = job;
    progress?.update({ percent, state: status.toLowerCase(), rows });
    await sleep(retryAfterMs, undefined, { signal });
  }
}
