import { setMaxListeners } from "node:events";

import type { Docket, SavedExport } from "@docket/client";
import { addDays, FORMATS, REPORT_TYPES } from "@docket/domain";
import type { ExportLine, ExportProgress } from "@docket/terminal";

export type ExportRun = {
  readonly client: Docket;
  readonly contextId: string;
  /** The directory for the downloaded files. */
  readonly directory: string;
  readonly progress: ExportProgress;
  readonly signal: AbortSignal;
};

type ExportRequest = { readonly reportType: string; readonly format: string };

const TIMEOUT_MS = 120_000;

/** Exports every report in every format, all at once, and downloads and verifies each file. */
export async function exportEverything(run: ExportRun): Promise<readonly SavedExport[]> {
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
      const line = run.progress.add(`${reportType} ${format}`);
      try {
        return await exportOne({ ...run, signal }, request, line);
      } catch (error) {
        line.update({ state: "failed", rows: 0 });
        failed.abort();
        const { message } = error as Error;
        throw new Error(`${reportType} as ${format}: ${message}`, { cause: error });
      }
    }),
  );
}

/** The widest range that the API allows covers all of the demo's data, whenever it was created. */
export function widestRange(): { readonly dateFrom: string; readonly dateTo: string } {
  const dateTo = addDays(new Date().toISOString().slice(0, 10), 1);
  return { dateFrom: addDays(dateTo, -365), dateTo };
}

/** Exports one report, downloads the file and compares it with the digest and the size in its job. */
export async function exportOne(
  { client, contextId, directory, signal }: Omit<ExportRun, "progress">,
  { reportType, format }: ExportRequest,
  line?: ExportLine,
): Promise<SavedExport> {
  const request = { reportType, format, ...widestRange() };
  const saved = await client.exportJobs.run(contextId, request, {
    to: directory,
    // The EXCEPTIONS report is exported again after the dispute, into a file of the same name.
    overwrite: true,
    signal,
    onProgress: ({ job, downloadedBytes }) => {
      const state = downloadedBytes === undefined ? job.status.toLowerCase() : "downloading";
      const { recordsWritten: rows, recordsExpected: expectedRows } = job;
      line?.update({ state, rows, expectedRows, downloadedBytes });
    },
  });
  const { job, sizeBytes } = saved;
  line?.update({
    state: "SHA-256 ok",
    rows: job.recordsWritten,
    expectedRows: job.recordsWritten,
    downloadedBytes: sizeBytes,
  });
  return saved;
}
