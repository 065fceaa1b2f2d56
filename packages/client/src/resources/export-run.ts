import type { Download } from "../download.ts";
import { DocketError, type ErrorCode } from "../error.ts";
import type { CreateExportJobRequest, ExportJob, QueuedExport } from "../generated/api-types.ts";
import { saveTo } from "../save.ts";
import type { CallOptions, WriteOptions } from "../transport/options.ts";
import type { WaitOptions } from "./export-wait.ts";

/** How far `exportJobs.run` has come. */
export type RunProgress = {
  readonly job: ExportJob;
  /** Present once the download has begun. */
  readonly downloadedBytes?: number;
};

export type RunOptions = Omit<WriteOptions, "ifVersion"> & {
  /** A directory, in Node, or a stream, which is closed when the file is complete and aborted when it is not. */
  readonly to: string | WritableStream<Uint8Array>;
  /** Replaces a file of the same name with other content in the directory. Default: false. */
  readonly overwrite?: boolean;
  /** Called once the export is ordered, so that its job can be found again if `run` fails. */
  readonly onOrdered?: (jobId: string) => void;
  readonly onProgress?: (progress: RunProgress) => void;
};

/** A downloaded and verified file. */
export type SavedExport = {
  readonly job: ExportJob;
  readonly fileName: string;
  /** Present when the file was saved into a directory. */
  readonly path?: string;
  readonly sizeBytes: number;
  readonly sha256: string;
};

type Calls = {
  readonly create: (
    contextId: string,
    request: CreateExportJobRequest,
    options?: WriteOptions,
  ) => Promise<QueuedExport>;
  readonly waitFor: (jobId: string, options?: WaitOptions) => Promise<ExportJob>;
  readonly download: (jobId: string, options?: CallOptions) => Promise<Download>;
};

/** Orders, waits, downloads and verifies. */
export async function runExport(
  calls: Calls,
  contextId: string,
  request: CreateExportJobRequest,
  options: RunOptions,
): Promise<SavedExport> {
  try {
    return await orderAndSave(calls, contextId, request, options);
  } catch (error) {
    // Without effect if the download has aborted it.
    if (typeof options.to !== "string") void options.to.abort(error).catch(() => undefined);
    throw error;
  }
}

async function orderAndSave(
  { create, waitFor, download }: Calls,
  contextId: string,
  request: CreateExportJobRequest,
  { to, overwrite = false, onOrdered, onProgress, ...options }: RunOptions,
): Promise<SavedExport> {
  const { signal } = options;
  const call = signal === undefined ? {} : { signal };
  const { jobId } = await create(contextId, request, options);
  onOrdered?.(jobId);
  const job = await waitFor(jobId, { ...call, onProgress: (each) => onProgress?.({ job: each }) });
  if (job.status !== "SUCCEEDED") throw notSucceeded(job);

  let last: Download | undefined;
  const open = async (): Promise<Download> => (last = await download(jobId, call));
  const report = (downloadedBytes: number): void => onProgress?.({ job, downloadedBytes });
  let path: string | undefined;
  if (typeof to === "string") path = await saveTo(to, open, { overwrite, onProgress: report });
  else await (await open()).stream.pipeTo(to);
  const { fileName, sizeBytes, sha256 } = last!;
  report(sizeBytes);
  return { job, fileName, sizeBytes, sha256, ...(path !== undefined && { path }) };
}

const CODES: Readonly<Record<string, ErrorCode>> = {
  CANCELED: "export_canceled",
  EXPIRED: "export_expired",
};

function notSucceeded({ id, status, error, errorCode }: ExportJob): DocketError {
  const reason = [error, errorCode === undefined ? "" : `(${errorCode})`].filter(Boolean).join(" ");
  return new DocketError(`export job ${id}`, {
    code: CODES[status] ?? "export_failed",
    detail: `the job ended ${status}${reason === "" ? "" : `: ${reason}`}`,
  });
}
