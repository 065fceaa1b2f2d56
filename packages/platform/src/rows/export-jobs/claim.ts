import { randomUUID } from "node:crypto";

import { MAX_CLAIMS } from "@docket/domain";
import { Prisma, type Database, type Transaction } from "../../database/index.ts";
import { commitObject } from "../stored-objects.ts";
import { changeExportJob, type ExportClaim, type ExportJob } from "./change.ts";

/** What a running export reports; undefined until known. */
export type ExportProgress = {
  readonly recordsWritten: number;
  readonly recordsExpected: number | undefined;
  readonly bytesWritten: number;
  /** The instant of the snapshot. */
  readonly asOf: Date | undefined;
};

export type ExportFile = {
  readonly recordsWritten: number;
  readonly recordsExpected: number;
  readonly bytesWritten: number;
  /** Hex digest of the stored bytes. */
  readonly sha256: string;
  /** Hex digest of the file before compression; undefined if it is not compressed. */
  readonly contentSha256: string | undefined;
  readonly asOf: Date;
  readonly fileName: string;
  readonly objectKey: string;
};

/** Why a job failed: a stable code, and a sentence that is safe to show to a user. */
export type ExportFailure = { readonly code: string; readonly message: string };

/** A job and the claim that this worker has on it. */
export type HeldExportJob = ExportJob & ExportClaim;

/**
 * Acquires a job that is QUEUED and due, or RUNNING with an expired lease. Returns undefined if the job cannot be claimed. A
 * message that comes too early, such as one that was repeated, is therefore dropped; the reconciler enqueues the job when it is
 * due.
 *
 * The functions below that take a claim return undefined if the claim is no longer current; they then change nothing.
 */
export async function claimExportJob(
  tx: Transaction,
  id: string,
): Promise<HeldExportJob | undefined> {
  const holder = randomUUID();
  const job = await changeExportJob(tx, {
    job: { id },
    action: "claim",
    set: [
      Prisma.sql`claim = claim + 1, holder = ${holder}::uuid, started_at = coalesce(started_at, now())`,
      Prisma.sql`records_written = 0, records_expected = NULL, bytes_written = 0, as_of = NULL`,
    ],
    where: Prisma.sql`claim < ${MAX_CLAIMS} AND (status = 'RUNNING' OR ${IS_DUE})`,
  });
  return job && { ...job, holder };
}

/** The queue measures a delay with another clock than the database: a message up to a second early is accepted. */
const IS_DUE = Prisma.sql`run_after <= now() + interval '1 second'`;

/** Fails a job that was claimed `MAX_CLAIMS` times without a result. Returns undefined for any other job. */
export const giveUpExportJob = (tx: Transaction, id: string): Promise<ExportJob | undefined> =>
  changeExportJob(tx, {
    job: { id },
    action: "give-up",
    set: [Prisma.sql`finished_at = now()`, failureColumns(WORKER_LOST)],
    where: Prisma.sql`claim >= ${MAX_CLAIMS}`,
  });

const WORKER_LOST: ExportFailure = {
  code: "worker_lost",
  message:
    "The export was started many times and never finished. Try a smaller date range, or contact support.",
};

/** Renews the lease and records the progress. */
export const renewExportJob = (
  tx: Transaction,
  claim: ExportClaim,
  { recordsWritten, recordsExpected, bytesWritten, asOf }: ExportProgress,
): Promise<ExportJob | undefined> =>
  changeExportJob(tx, {
    job: claim,
    action: "renew",
    set: [
      Prisma.sql`records_written = ${recordsWritten}, records_expected = ${recordsExpected ?? null}::bigint`,
      Prisma.sql`bytes_written = ${bytesWritten}, as_of = ${asOf ?? null}::timestamptz`,
    ],
  });

/** True while the claim is current. */
export const holdsExportJob = async (
  tx: Transaction,
  { id, claim, holder }: ExportClaim,
): Promise<boolean> =>
  (await tx.exportJob.count({ where: { id, claim, holder, status: "RUNNING" } })) > 0;

/** Marks the job SUCCEEDED and commits its object in one transaction. The job expires `retentionDays` from now. */
export const succeedExportJob = (
  database: Pick<Database, "transaction">,
  claim: ExportClaim,
  file: ExportFile,
  retentionDays: number,
): Promise<ExportJob | undefined> =>
  database.transaction(async (tx) => {
    const job = await changeExportJob(tx, {
      job: claim,
      action: "succeed",
      set: [
        Prisma.sql`finished_at = now(), expires_at = now() + make_interval(days => ${retentionDays}::int)`,
        Prisma.sql`records_written = ${file.recordsWritten}, records_expected = ${file.recordsExpected}`,
        Prisma.sql`bytes_written = ${file.bytesWritten}, sha256 = ${file.sha256}, as_of = ${file.asOf}::timestamptz`,
        Prisma.sql`content_sha256 = ${file.contentSha256 ?? null}::text`,
        Prisma.sql`file_name = ${file.fileName}, object_key = ${file.objectKey}`,
      ],
    });
    if (job === undefined) return undefined;
    await commitObject(tx, { key: file.objectKey, owner: { kind: "export-job", id: claim.id } });
    return job;
  });

/** Returns the job to the queue after a failed attempt. */
export const retryExportJob = (
  tx: Transaction,
  claim: ExportClaim,
  delayMs: number,
): Promise<ExportJob | undefined> =>
  changeExportJob(tx, {
    job: claim,
    action: "retry",
    set: [Prisma.sql`attempts = attempts + 1`, runAfter(delayMs)],
  });

/** Returns the job to the queue without using up an attempt. */
export const handBackExportJob = (
  tx: Transaction,
  claim: ExportClaim,
  delayMs: number,
): Promise<ExportJob | undefined> =>
  changeExportJob(tx, { job: claim, action: "hand-back", set: [runAfter(delayMs)] });

/** Fails the job for good after a failed attempt. */
export const failExportJob = (
  tx: Transaction,
  claim: ExportClaim,
  failure: ExportFailure,
): Promise<ExportJob | undefined> =>
  changeExportJob(tx, {
    job: claim,
    action: "fail",
    set: [Prisma.sql`attempts = attempts + 1, finished_at = now()`, failureColumns(failure)],
  });

const failureColumns = ({ code, message }: ExportFailure): Prisma.Sql =>
  Prisma.sql`error_code = ${code}, error = ${message}`;

const runAfter = (delayMs: number): Prisma.Sql =>
  Prisma.sql`run_after = now() + make_interval(secs => ${delayMs / 1_000}::float8)`;
