import { DocketError, FORMATS, type Format } from "@docket/domain";
import type { Transaction } from "@docket/platform/database";
import type { Storage } from "@docket/platform/storage";
import { recordAudit, type Actor } from "@docket/platform/rows";
import { exportJobPath, findExport, storageNotConfigured, type ExportJobRow } from "./service.ts";

/** A link to the file of an export, as the contract shows it (§2). */
export type ExportDownload = {
  readonly downloadUrl: string;
  readonly fileName: string;
  readonly sha256: string;
  /** The URL's true remaining life. */
  readonly expiresIn: number;
};

/**
 * Signs a link to a finished export's file, and writes down who took it.
 *
 * @throws DocketError `not_found`, `export_not_ready`, `export_file_gone`, `storage_not_configured`.
 */
export async function downloadExport(
  within: Transaction,
  storage: Storage | undefined,
  jobId: string,
  by: Actor,
  options: { readonly now: Date; readonly ttlSeconds: number },
): Promise<ExportDownload> {
  const job = await findExport(within, jobId);
  const file = fileOf(job, options.now);
  if (storage === undefined) throw storageNotConfigured();
  const expiresIn = Math.min(options.ttlSeconds, file.secondsLeft);
  const downloadUrl = await storage.presignDownload({
    key: file.key,
    fileName: file.fileName,
    contentType: FORMATS[job.format as Format].contentType,
    expiresInSeconds: expiresIn,
  });
  await recordAudit(within, by, "export-job.downloaded", exportJobPath(job.id));
  return { downloadUrl, fileName: file.fileName, sha256: file.sha256, expiresIn };
}

/** True while a job's file can be had. */
export function hasFile(job: Pick<ExportJobRow, "status" | "expiresAt">, now: Date): boolean {
  return job.status === "SUCCEEDED" && secondsUntil(job.expiresAt, now) >= 1;
}

function fileOf(
  job: ExportJobRow,
  now: Date,
): { key: string; fileName: string; sha256: string; secondsLeft: number } {
  const { objectKey, fileName, sha256 } = job;
  if (job.status === "EXPIRED" || (job.status === "SUCCEEDED" && !hasFile(job, now))) {
    throw new DocketError("export_file_gone", "The export's file is gone; ask for a new export.");
  }
  // The table's own check has it that a SUCCEEDED row has all three.
  if (job.status !== "SUCCEEDED" || objectKey === null || fileName === null || sha256 === null) {
    throw new DocketError("export_not_ready", `The export is ${job.status}: there is no file.`);
  }
  return { key: objectKey, fileName, sha256, secondsLeft: secondsUntil(job.expiresAt, now) };
}

const secondsUntil = (instant: Date | null, now: Date): number =>
  instant === null ? 0 : Math.floor((instant.getTime() - now.getTime()) / 1_000);
