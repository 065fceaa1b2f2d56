import { createExportWatch } from "../events/export-watch.ts";
import { openDownload, type Download } from "../download.ts";
import type {
  CreateExportJobRequest,
  EstimateExportJobRequest,
  ExportDownload,
  ExportEstimate,
  ExportJob,
  ListExportJobsParams,
  QueuedExport,
} from "../generated/api-types.ts";
import { createListing, type Listing } from "../pages.ts";
import type { CallOptions, WriteOptions } from "../transport/options.ts";
import type { Transport } from "../transport/transport.ts";
import { runExport, type RunOptions, type SavedExport } from "./export-run.ts";
import { waitUntilFinished, type WaitOptions } from "./export-wait.ts";

/** Export jobs (docs/api.md §2). */
export function exportJobCalls(transport: Transport) {
  const call = async <T>(
    method: "GET" | "POST",
    path: string,
    options?: WriteOptions,
    json?: unknown,
  ): Promise<T> => transport.json<T>({ method, path, options, json });

  const create = async (
    contextId: string,
    request: CreateExportJobRequest,
    options?: WriteOptions,
  ): Promise<QueuedExport> => call("POST", exportsOf(contextId), options, request);

  const downloadLink = (jobId: string, options?: CallOptions): Promise<ExportDownload> =>
    call("GET", `${jobPath(jobId)}/download`, options);

  const download = (jobId: string, options?: CallOptions): Promise<Download> => {
    const locate = async () => {
      const link = await downloadLink(jobId, options);
      const { bytesWritten } = await call<ExportJob>("GET", jobPath(jobId), options);
      return { link, sizeBytes: bytesWritten };
    };
    return openDownload(transport, locate, options);
  };

  const watch = createExportWatch(transport);
  const waitFor = (jobId: string, options?: WaitOptions): Promise<ExportJob> =>
    waitUntilFinished(transport, watch, jobPath(jobId), options);

  return {
    /**
     * Orders an export. The file is written in the background.
     *
     * @example
     * const { jobId } = await docket.exportJobs.create(contextId, { reportType: "MATCHED", format: "CSV" });
     */
    create,
    /**
     * The number of rows that an export would have. Makes nothing.
     *
     * @example
     * const { rows, exact } = await docket.exportJobs.estimate(contextId, { reportType: "MATCHED", format: "CSV" });
     */
    estimate: (
      contextId: string,
      request: EstimateExportJobRequest,
      options?: CallOptions,
    ): Promise<ExportEstimate> =>
      call("POST", `${exportsOf(contextId)}/estimate`, options, request),
    /**
     * The job as it is now.
     *
     * @example
     * const { status, percent } = await docket.exportJobs.get(jobId);
     */
    get: (jobId: string, options?: CallOptions): Promise<ExportJob> =>
      call("GET", jobPath(jobId), options),
    /**
     * Export jobs of all contexts, or of `contextId`, newest first.
     *
     * @example
     * for await (const job of docket.exportJobs.list({ status: ["FAILED"] })) console.log(job.error);
     */
    list: (query: ListExportJobsParams = {}, options?: CallOptions): Listing<ExportJob> =>
      createListing(transport, "/v1/export-jobs", query, options),
    /**
     * Cancels a job that has not ended.
     *
     * @throws DocketError `export_not_cancelable`
     * @example
     * await docket.exportJobs.cancel(jobId);
     */
    cancel: (jobId: string, options?: WriteOptions): Promise<ExportJob> =>
      call("POST", `${jobPath(jobId)}/cancel`, options),
    /**
     * Waits until a job has ended, in whatever state: with the stream of events where there is one, else by polling. Goes on after
     * an outage, until the signal is aborted.
     *
     * @example
     * const job = await docket.exportJobs.waitFor(jobId, { onProgress: ({ percent }) => console.log(percent) });
     * if (job.status !== "SUCCEEDED") throw new Error(job.error);
     */
    waitFor,
    /**
     * Downloads the file of a job that SUCCEEDED. The stream fails at its end if the size or the SHA-256 differ.
     *
     * @throws DocketError `export_not_ready`, `export_file_gone`
     * @example
     * const { fileName, stream } = await docket.exportJobs.download(jobId);
     * await pipeline(stream, createWriteStream(fileName));
     */
    download,
    /**
     * A link that needs no token, for a browser that saves the file itself.
     *
     * @throws DocketError `export_not_ready`, `export_file_gone`
     * @example
     * const { downloadUrl } = await docket.exportJobs.downloadLink(jobId);
     */
    downloadLink,
    /**
     * Orders an export, waits for it, downloads the file into a directory (Node) or a WritableStream, and verifies it.
     *
     * @throws DocketError `export_failed`, `export_canceled` or `export_expired` when the job did not succeed
     * @example
     * const { path } = await docket.exportJobs.run(contextId, { reportType: "MATCHED", format: "XLSX" }, { to: "." });
     */
    run: (
      contextId: string,
      request: CreateExportJobRequest,
      options: RunOptions,
    ): Promise<SavedExport> =>
      runExport({ create, waitFor, download }, contextId, request, options),
  };
}

const jobPath = (jobId: string): string => `/v1/export-jobs/${encodeURIComponent(jobId)}`;
const exportsOf = (contextId: string): string =>
  `/v1/contexts/${encodeURIComponent(contextId)}/export-jobs`;
