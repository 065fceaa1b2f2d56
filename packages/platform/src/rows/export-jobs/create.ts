import type pg from "pg";
import type { ExportSpec, ExportStatus } from "@docket/domain";
import {
  currentTenant,
  escapeLiteral,
  plainTransaction,
  Prisma,
  statementsOf,
  type Database,
  type Statements,
} from "../../database/index.ts";
import type { Actor } from "../events/record.ts";
import { insertExportJobEvents } from "./event.ts";

export type CreatedExportJob = {
  readonly id: string;
  readonly tenantId: string;
  readonly status: ExportStatus;
  readonly claim: number;
  readonly turn: number;
  /** The latest turn that had begun. */
  readonly turnsBegun: number;
};

/** Why no job was created. If several reasons apply, the first in this order is given. */
export type CreateRefusal =
  | "context_not_found"
  | "source_not_in_context"
  | "storage_not_configured"
  | "too_many_active";

export type CreateExportLimits = {
  readonly isStorageConfigured: boolean;
  /** The most unfinished jobs that a tenant may have; 0: no limit. */
  readonly maxActive: number;
};

/** What runs in the transaction of a create, if a job was created. */
export type BeforeCommit<Result> = {
  readonly beforeCommit: (tx: Statements, job: CreatedExportJob) => Promise<Result>;
  /** False if `beforeCommit` writes nothing: the insert may then be a single statement. */
  readonly needsTransaction: boolean;
};

/** Inserts a QUEUED job and its event. */
export async function createExportJob<Result>(
  { pool }: Pick<Database, "pool">,
  spec: ExportSpec,
  by: Actor,
  limits: CreateExportLimits,
  { beforeCommit, needsTransaction }: BeforeCommit<Result>,
): Promise<{ readonly job: CreatedExportJob; readonly result: Result } | CreateRefusal> {
  const isLimited = limits.maxActive > 0;
  const insertAndFinish = async (connection: Pick<pg.Pool, "query">) => {
    const job = await insert(connection, spec, by, limits);
    if (typeof job === "string") return job;
    return { job, result: await beforeCommit(statementsOf(connection), job) };
  };
  // A single statement needs no transaction. Without the lock, simultaneous creates may get the same turn.
  if (!isLimited && !needsTransaction) return insertAndFinish(pool);
  // With a limit, a tenant's creates run one after the other, so that each counts the jobs of those before it.
  const lockName = escapeLiteral(`exports ${currentTenant()}`);
  const lock = isLimited ? `SELECT pg_advisory_xact_lock(hashtextextended(${lockName}, 0))` : "";
  return plainTransaction(pool, lock, insertAndFinish);
}

/** The columns of the job are null if none was created. */
type Inserted = { readonly hasContext: boolean; readonly hasSource: boolean } & (
  | CreatedExportJob
  | { readonly [Column in keyof CreatedExportJob]: null }
);

async function insert(
  connection: Pick<Database["pool"], "query">,
  spec: ExportSpec,
  by: Actor,
  limits: CreateExportLimits,
): Promise<CreatedExportJob | CreateRefusal> {
  const { text, values } = insertStatement(spec, by, limits);
  // Named, so that each connection plans it once.
  const { rows } = await connection.query<Inserted>({ name: "create-export-job", text, values });
  const { hasContext, hasSource, ...job } = rows[0]!;
  if (isCreated(job)) return job;
  if (!hasContext) return "context_not_found";
  if (!hasSource) return "source_not_in_context";
  return limits.isStorageConfigured ? "too_many_active" : "storage_not_configured";
}

const isCreated = (job: Omit<Inserted, "hasContext" | "hasSource">): job is CreatedExportJob =>
  job.id !== null;

/** One round trip, because a tenant's other creates wait for it. */
function insertStatement(
  spec: ExportSpec,
  by: Actor,
  { isStorageConfigured, maxActive }: CreateExportLimits,
): Prisma.Sql {
  const { contextId, reportType, format, dateFrom, dateTo, zone } = spec;
  const sourceId = spec.sourceId ?? null;
  const event = { by, type: "export-job.created" } as const;
  return Prisma.sql`
  WITH asked AS (
    SELECT export_turns_begun() AS turns_begun, unfinished.last_turn,
           ${maxActive}::int = 0 OR unfinished.jobs < ${maxActive}::int AS room,
           EXISTS (SELECT FROM contexts WHERE id = ${contextId}::uuid) AS context,
           ${sourceId}::uuid IS NULL
             OR EXISTS (SELECT FROM sources WHERE id = ${sourceId}::uuid AND context_id = ${contextId}::uuid) AS source
    FROM unfinished_export_jobs(${maxActive}::int) AS unfinished
  ), job AS (
    INSERT INTO export_jobs (tenant_id, context_id, report_type, format, date_from, date_to, source_id, compression,
                             columns, time_zone, range_from, range_until, requested_by, request_id, turn)
    SELECT ${currentTenant()}::uuid, ${contextId}::uuid, ${reportType}, ${format}, ${dateFrom}::date, ${dateTo}::date,
           ${sourceId}::uuid, ${spec.compression ?? null}::text, ${spec.columns ?? []}::text[], ${zone?.timeZone ?? null}::text,
           to_timestamp(${zone?.from ?? null}::float8), to_timestamp(${zone?.until ?? null}::float8), ${by.actor}::text, ${by.requestId}::text, ${NEXT_TURN}
    FROM asked
    WHERE asked.context AND asked.source AND asked.room AND ${isStorageConfigured}::boolean
    RETURNING *
  ), event AS (${insertExportJobEvents(event, Prisma.sql`job`)})
  SELECT asked.context AS "hasContext", asked.source AS "hasSource",
         job.id, job.tenant_id AS "tenantId", job.status, job.claim, job.turn,
         CASE WHEN job.id IS NOT NULL THEN asked.turns_begun END AS "turnsBegun"
  FROM asked LEFT JOIN job ON true`;
}

/**
 * The turn of a new job: one more than the tenant's last unfinished turn and than the last turn started, whichever is later
 * (docs/decisions/0010). Jobs run by turn, then by creation. A tenant's jobs therefore stay in order, tenants alternate, and no
 * job is added to a turn that has already begun. `export_turns_begun()` finds the last turn started, over all tenants.
 */
const NEXT_TURN = Prisma.raw("greatest(asked.turns_begun, asked.last_turn) + 1");
