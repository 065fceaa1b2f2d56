import { exportTransition, type ExportStatus } from "@docket/domain";
import { Prisma, type Database, type Transaction } from "../../database/index.ts";
import { forgetObject } from "../stored-objects.ts";
import { changeExportJob, type ExportClaim, type ExportJob } from "./change.ts";

/*
 * The `find…` functions call SECURITY DEFINER functions of the database, which look across tenants and return ids only. The
 * changes run as the tenant of the row.
 */

export type UnfinishedExportJob = Pick<ExportClaim, "id" | "claim"> & {
  readonly tenantId: string;
  readonly status: Extract<ExportStatus, "QUEUED" | "RUNNING">;
  readonly turn: number;
  /** The latest turn that has begun. */
  readonly turnsBegun: number;
};

/**
 * The jobs of all tenants that need a message in the queue: QUEUED and due, or RUNNING with an expired lease. Jobs with an expired
 * lease come first, the others in the order in which they will run.
 */
export async function findDueExportJobs(
  pool: Database["pool"],
  limit: number,
): Promise<readonly UnfinishedExportJob[]> {
  const { rows } = await pool.query<UnfinishedExportJob>(
    `SELECT tenant_id AS "tenantId", id, status, claim, turn, begun AS "turnsBegun"
     FROM upkeep_unfinished_jobs($1), export_turns_begun() AS begun`,
    [limit],
  );
  return rows;
}

/** Returns the job of a lost worker to the queue. Returns undefined if the lease was renewed or the job was claimed since. */
export const requeueExportJob = (
  tx: Transaction,
  { id, claim }: Pick<ExportClaim, "id" | "claim">,
): Promise<ExportJob | undefined> =>
  changeExportJob(tx, {
    job: { id, claim },
    action: "requeue",
    set: [Prisma.sql`run_after = now()`],
  });

/**
 * The SUCCEEDED jobs of all tenants whose retention has passed. Each call records an attempt for the jobs that it returns, and
 * returns those first that were tried longest ago.
 */
export async function takeExpiredExportJobs(
  pool: Database["pool"],
  limit: number,
): Promise<readonly { readonly tenantId: string; readonly id: string }[]> {
  const { rows } = await pool.query<{ tenantId: string; id: string }>(
    `SELECT tenant_id AS "tenantId", id FROM upkeep_take_expired_exports($1)`,
    [limit],
  );
  return rows;
}

/**
 * Deletes the file of a SUCCEEDED job, then marks the job EXPIRED. In this order a crash leaves no object without a row: the
 * next run does both again.
 *
 * @param deleteFile must succeed if the object is already gone.
 */
export async function expireExportJob(
  { prisma, transaction }: Pick<Database, "prisma" | "transaction">,
  id: string,
  deleteFile: (objectKey: string) => Promise<void>,
): Promise<ExportJob | undefined> {
  const found = await prisma.exportJob.findFirst({
    where: { id, status: { in: [...exportTransition("expire").from] } },
    select: { objectKey: true },
  });
  const objectKey = found?.objectKey;
  if (objectKey === undefined || objectKey === null) return undefined;
  await deleteFile(objectKey);
  return transaction(async (tx) => {
    const job = await changeExportJob(tx, { job: { id }, action: "expire" });
    await forgetObject(tx, { key: objectKey, owner: { kind: "export-job", id } });
    return job;
  });
}

export type UnfinishedCount = {
  readonly status: string;
  readonly reportType: string;
  readonly format: string;
  readonly jobs: number;
  /** Seconds since the oldest of them became due; negative if all are due later. */
  readonly oldestSeconds: number;
};

/** The unfinished jobs of all tenants, counted by status, report type and format. */
export async function countUnfinishedExportJobs(
  pool: Database["pool"],
): Promise<readonly UnfinishedCount[]> {
  const { rows } = await pool.query<UnfinishedCount>(
    `SELECT status, report_type AS "reportType", format, jobs, oldest_seconds AS "oldestSeconds"
     FROM metrics_unfinished_jobs()`,
  );
  return rows;
}
