import { LEASE_SECONDS, MAX_CLAIMS, type Format, type ReportType } from "@docket/domain";
import { currentTenant, type Database } from "@docket/platform/database";

/** A job that this worker holds. `claim` is the fence: every write below names it. */
export type ClaimedJob = {
  readonly id: string;
  readonly tenantId: string;
  readonly contextId: string;
  readonly reportType: ReportType;
  readonly format: Format;
  /** Days, `YYYY-MM-DD`. */
  readonly dateFrom: string;
  readonly dateTo: string;
  readonly sourceId: string | null;
  readonly claim: number;
  readonly turn: number;
  readonly attempts: number;
  readonly requestId: string | null;
};

export type WornOutJob = Pick<ClaimedJob, "reportType" | "format" | "requestId" | "attempts">;

export type Progress = {
  readonly recordsWritten: number;
  readonly recordsExpected: number | undefined;
  readonly bytesWritten: number;
  readonly asOf: Date | undefined;
};

export type FinishedFile = {
  readonly recordsWritten: number;
  readonly recordsExpected: number;
  readonly bytesWritten: number;
  readonly sha256: string;
  readonly asOf: Date;
  readonly fileName: string;
  readonly objectKey: string;
};

type Claimed = Pick<ClaimedJob, "id" | "claim">;

/**
 * What a worker writes to a job's row. Each write is one conditional UPDATE on the state and on the claim, so that of two
 * workers one wins and the other learns it; a `false` answer means: the job is no longer ours, nothing was changed.
 * Leases, and the job's dates, are the database's clock alone.
 */
export type JobRows = {
  /** Takes a job that is QUEUED, or RUNNING with a lease that ran out; undefined when there is nothing to take. */
  readonly claim: (id: string) => Promise<ClaimedJob | undefined>;
  /** Fails a job that was claimed too often without a result; undefined when it is no such job. */
  readonly failWornOut: (id: string) => Promise<WornOutJob | undefined>;
  /** Renews the lease and shows progress. */
  readonly renew: (job: Claimed, progress: Progress) => Promise<boolean>;
  /** RUNNING → SUCCEEDED, and the object is committed in the same transaction. */
  readonly succeed: (job: Claimed, file: FinishedFile, retentionDays: number) => Promise<boolean>;
  /** RUNNING → QUEUED after a failed attempt. */
  readonly retry: (job: Claimed, delayMs: number) => Promise<boolean>;
  /** RUNNING → QUEUED at no attempt's cost. */
  readonly handBack: (job: Claimed, delayMs: number) => Promise<boolean>;
  /** RUNNING → FAILED. */
  readonly fail: (
    job: Claimed,
    failure: { readonly code: string; readonly message: string },
  ) => Promise<boolean>;
  /** Notes an object before its first byte is written, so that a sweeper finds it whatever happens to us. */
  readonly noteObject: (job: Claimed, key: string) => Promise<void>;
  /** Notes the multipart upload that is under way to the object. */
  readonly noteUpload: (key: string, uploadId: string) => Promise<void>;
  /** True when the row names the object as its file. */
  readonly ownsObject: (job: Claimed, key: string) => Promise<boolean>;
};

export function createJobRows({
  prisma,
  transaction,
}: Pick<Database, "prisma" | "transaction">): JobRows {
  return {
    claim: async (id) => {
      const rows = await prisma.$queryRaw<ClaimedJob[]>`
        UPDATE export_jobs
        SET status = 'RUNNING', claim = claim + 1, lease_until = now() + make_interval(secs => ${LEASE_SECONDS}),
            started_at = coalesce(started_at, now()),
            records_written = 0, records_expected = NULL, bytes_written = 0, as_of = NULL
        WHERE id = ${id}::uuid AND claim < ${MAX_CLAIMS}
          AND (status = 'QUEUED' OR (status = 'RUNNING' AND lease_until < now()))
        RETURNING id, tenant_id AS "tenantId", context_id AS "contextId", report_type AS "reportType", format,
          date_from::text AS "dateFrom", date_to::text AS "dateTo", source_id AS "sourceId",
          claim, turn, attempts, request_id AS "requestId"`;
      return rows[0];
    },

    failWornOut: async (id) => {
      const rows = await prisma.$queryRaw<WornOutJob[]>`
        UPDATE export_jobs
        SET status = 'FAILED', lease_until = NULL, finished_at = now(), error_code = 'worker_lost',
            error = 'The export was started many times and never finished. Try a smaller date range, or contact support.'
        WHERE id = ${id}::uuid AND claim >= ${MAX_CLAIMS}
          AND (status = 'QUEUED' OR (status = 'RUNNING' AND lease_until < now()))
        RETURNING report_type AS "reportType", format, request_id AS "requestId", attempts`;
      return rows[0];
    },

    renew: async ({ id, claim }, { recordsWritten, recordsExpected, bytesWritten, asOf }) => {
      const count = await prisma.$executeRaw`
        UPDATE export_jobs
        SET lease_until = now() + make_interval(secs => ${LEASE_SECONDS}),
            records_written = ${recordsWritten}, records_expected = ${recordsExpected ?? null}::bigint,
            bytes_written = ${bytesWritten}, as_of = ${asOf ?? null}::timestamptz
        WHERE id = ${id}::uuid AND status = 'RUNNING' AND claim = ${claim}`;
      return count === 1;
    },

    succeed: ({ id, claim }, file, retentionDays) =>
      transaction(async (within) => {
        const count = await within.$executeRaw`
          UPDATE export_jobs
          SET status = 'SUCCEEDED', lease_until = NULL, finished_at = now(),
              expires_at = now() + make_interval(days => ${retentionDays}::int),
              records_written = ${file.recordsWritten}, records_expected = ${file.recordsExpected},
              bytes_written = ${file.bytesWritten}, sha256 = ${file.sha256}, as_of = ${file.asOf}::timestamptz,
              file_name = ${file.fileName}, object_key = ${file.objectKey}
          WHERE id = ${id}::uuid AND status = 'RUNNING' AND claim = ${claim}`;
        if (count !== 1) return false;
        await within.storedObject.update({
          where: { key: file.objectKey },
          data: { committedAt: new Date() },
        });
        return true;
      }),

    retry: async ({ id, claim }, delayMs) => {
      const count = await prisma.$executeRaw`
        UPDATE export_jobs
        SET status = 'QUEUED', attempts = attempts + 1, lease_until = NULL,
            run_after = now() + make_interval(secs => ${delayMs / 1_000}::float8)
        WHERE id = ${id}::uuid AND status = 'RUNNING' AND claim = ${claim}`;
      return count === 1;
    },

    handBack: async ({ id, claim }, delayMs) => {
      const count = await prisma.$executeRaw`
        UPDATE export_jobs SET status = 'QUEUED', lease_until = NULL, run_after = now() + make_interval(secs => ${delayMs / 1_000}::float8)
        WHERE id = ${id}::uuid AND status = 'RUNNING' AND claim = ${claim}`;
      return count === 1;
    },

    fail: async ({ id, claim }, { code, message }) => {
      const count = await prisma.$executeRaw`
        UPDATE export_jobs
        SET status = 'FAILED', attempts = attempts + 1, lease_until = NULL, finished_at = now(),
            error = ${message}, error_code = ${code}
        WHERE id = ${id}::uuid AND status = 'RUNNING' AND claim = ${claim}`;
      return count === 1;
    },

    noteObject: async ({ id }, key) => {
      await prisma.storedObject.create({
        data: { key, tenantId: currentTenant(), owner: `export_job:${id}` },
      });
    },

    noteUpload: async (key, uploadId) => {
      await prisma.storedObject.updateMany({ where: { key }, data: { uploadId } });
    },

    ownsObject: async ({ id }, key) =>
      (await prisma.exportJob.count({ where: { id, objectKey: key } })) > 0,
  };
}
