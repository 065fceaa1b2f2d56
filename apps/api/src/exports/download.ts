import { DocketError, fileInfo, type Compression, type Format } from "@docket/domain";
import type { Transaction } from "@docket/platform/database";
import type { Storage } from "@docket/platform/storage";
import { recordExportJobEvent, type Actor } from "@docket/platform/rows";
import { findExport, storageNotConfigured, type ExportJobRow } from "./service.ts";

/** The response of docs/api.md §2, "Download URL". */
export type ExportDownload = {
  readonly downloadUrl: string;
  readonly fileName: string;
  readonly sha256: string;
  /** The digest of the file before compression, if it is compressed. */
  readonly contentSha256?: string;
  /** The remaining lifetime of the URL in seconds. */
  readonly expiresIn: number;
};

/**
 * Signs a URL for the file of a finished export, and writes an event.
 *
 * @throws DocketError `not_found`, `export_not_ready`, `export_file_gone`, `storage_not_configured`.
 */
export async function downloadExport(
  tx: Transaction,
  storage: Storage | undefined,
  jobId: string,
  by: Actor,
  options: { readonly now: Date; readonly ttlSeconds: number },
): Promise<ExportDownload> {
  const job = await findExport(tx, jobId);
  const file = fileOf(job, options.now);
  if (storage === undefined) throw storageNotConfigured();
  const expiresIn = Math.min(options.ttlSeconds, file.secondsLeft);
  const downloadUrl = await storage.presignDownload({
    key: file.key,
    fileName: file.fileName,
    contentType: fileInfo({
      format: job.format as Format,
      compression: job.compression as Compression | null,
    }).contentType,
    expiresInSeconds: expiresIn,
  });
  await recordExportJobEvent(tx, by, "export-job.downloaded", job.id);
  const { fileName, sha256 } = file;
  const { contentSha256 } = job;
  return {
    downloadUrl,
    fileName,
    sha256,
    ...(contentSha256 !== null && { contentSha256 }),
    expiresIn,
  };
}

/** True while the job's file can be downloaded. */
export function hasFile(job: Pick<ExportJobRow, "status" | "expiresAt">, now: Date): boolean {
  return job.status === "SUCCEEDED" && secondsUntil(job.expiresAt, now) >= 1;
}

function fileOf(
  job: ExportJobRow,
  now: Date,
): { key: string; fileName: string; sha256: string; secondsLeft: number } {
  const { objectKey, fileName, sha256 } = job;
  if (job.status === "EXPIRED" || (job.status === "SUCCEEDED" && !hasFile(job, now))) {
    throw new DocketError(
      "export_file_gone",
      "The file of this export has expired. Create a new export.",
    );
  }
  // A CHECK of the table guarantees that a SUCCEEDED row has all three.
  if (job.status !== "SUCCEEDED" || objectKey === null || fileName === null || sha256 === null) {
    throw new DocketError("export_not_ready", `The export is ${job.status} and has no file.`);
  }
  return { key: objectKey, fileName, sha256, secondsLeft: secondsUntil(job.expiresAt, now) };
}

const secondsUntil = (instant: Date | null, now: Date): number =>
  instant === null ? 0 : Math.floor((instant.getTime() - now.getTime()) / 1_000);
