import type pg from "pg";
import type { ExportSpec, ExportStatus } from "@docket/domain";
import {
  currentTenant,
  escapeLiteral,
  plainTransaction,
  Prisma,
  type Database,
  type Statements,
} from "../../database/index.ts";
import type { Actor } from "../events/record.ts";
import { insertExportJobEvents } from "./event.ts";

export type NewExportJob = { readonly spec: ExportSpec; readonly by: Actor };

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

/**
 * Inserts QUEUED jobs of the current tenant and their events in one statement. Resolves with an outcome for each request, in their
 * order. A refused request does not affect the others; an error does, and then nothing was inserted.
 */
export function createExportJobs(
  { pool }: Pick<Database, "pool">,
  requests: readonly NewExportJob[],
  limits: CreateExportLimits,
): Promise<readonly (CreatedExportJob | CreateRefusal)[]> {
  // A single statement needs no transaction. Without the lock, simultaneous creates may get the same turn.
  if (limits.maxActive === 0) return insert(pool, requests, limits);
  return plainTransaction(pool, lockExports(limits), (client) => insert(client, requests, limits));
}

/** Inserts one job as {@link createExportJobs} does. If it was created, `beforeCommit` runs in the same transaction. */
export function createExportJob<Result>(
  { pool }: Pick<Database, "pool">,
  request: NewExportJob,
  limits: CreateExportLimits,
  beforeCommit: (tx: Statements, job: CreatedExportJob) => Promise<Result>,
): Promise<{ readonly job: CreatedExportJob; readonly result: Result } | CreateRefusal> {
  return plainTransaction(pool, lockExports(limits), async (client, tx) => {
    const [job] = await insert(client, [request], limits);
    return typeof job === "object" ? { job, result: await beforeCommit(tx, job) } : job!;
  });
}

/** With a limit, a tenant's creates run one after the other, so that each counts the jobs of those before it. */
function lockExports({ maxActive }: CreateExportLimits): string {
  if (maxActive === 0) return "";
  const name = escapeLiteral(`exports ${currentTenant()}`);
  return `SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`;
}

/** The columns of the job are null if none was created. */
type Inserted = { readonly hasContext: boolean; readonly hasSource: boolean } & (
  | CreatedExportJob
  | { readonly [Column in keyof CreatedExportJob]: null }
);

async function insert(
  connection: Pick<pg.Pool, "query">,
  requests: readonly NewExportJob[],
  limits: CreateExportLimits,
): Promise<readonly (CreatedExportJob | CreateRefusal)[]> {
  const { text, values } = insertStatement(requests, limits);
  // Named, so that each connection plans it once.
  const { rows } = await connection.query<Inserted>({ name: "create-export-jobs", text, values });
  return rows.map((row) => outcomeOf(row, limits));
}

function outcomeOf(
  { hasContext, hasSource, ...job }: Inserted,
  limits: CreateExportLimits,
): CreatedExportJob | CreateRefusal {
  if (isCreated(job)) return job;
  if (!hasContext) return "context_not_found";
  if (!hasSource) return "source_not_in_context";
  return limits.isStorageConfigured ? "too_many_active" : "storage_not_configured";
}

const isCreated = (job: Omit<Inserted, "hasContext" | "hasSource">): job is CreatedExportJob =>
  job.id !== null;

/** What the statement reads of a request, and the types of Postgres. */
const REQUEST = {
  place: "int",
  contextId: "uuid",
  reportType: "text",
  format: "text",
  dateFrom: "date",
  dateTo: "date",
  sourceId: "uuid",
  compression: "text",
  columns: "text[]",
  timeZone: "text",
  from: "float8",
  until: "float8",
  actor: "text",
  requestId: "text",
} as const;

const REQUEST_COLUMNS = Prisma.raw(
  Object.entries(REQUEST)
    .map(([name, type]) => `"${name}" ${type}`)
    .join(", "),
);

const requestRow = (
  { spec, by }: NewExportJob,
  place: number,
): Record<keyof typeof REQUEST, unknown> => ({
  place,
  contextId: spec.contextId,
  reportType: spec.reportType,
  format: spec.format,
  dateFrom: spec.dateFrom,
  dateTo: spec.dateTo,
  sourceId: spec.sourceId,
  compression: spec.compression,
  columns: spec.columns ?? [],
  timeZone: spec.zone?.timeZone,
  from: spec.zone?.from,
  until: spec.zone?.until,
  actor: by.actor,
  requestId: by.requestId,
});

/**
 * One round trip, because a tenant's other creates wait for it. Contexts and sources are looked up once for all requests: a connection
 * keeps its plan, and one that was made while a table was small may read all of it.
 */
function insertStatement(
  requests: readonly NewExportJob[],
  { isStorageConfigured, maxActive }: CreateExportLimits,
): Prisma.Sql {
  const event = { by: "requester", type: "export-job.created" } as const;
  return Prisma.sql`
  WITH state AS (
    SELECT export_turns_begun() AS turns_begun, unfinished.last_turn, unfinished.jobs
    FROM unfinished_export_jobs(${maxActive}::int) AS unfinished
  ), request AS MATERIALIZED (
    SELECT uuid_v7() AS id, request.*
    FROM json_to_recordset(${JSON.stringify(requests.map(requestRow))}::json) AS request (${REQUEST_COLUMNS})
  ), context AS MATERIALIZED (
    SELECT id FROM contexts WHERE id = ANY (ARRAY(SELECT "contextId" FROM request))
  ), source AS MATERIALIZED (
    SELECT id, context_id FROM sources WHERE id = ANY (ARRAY(SELECT "sourceId" FROM request))
  ), checked AS MATERIALIZED (
    SELECT *, EXISTS (SELECT FROM context WHERE context.id = "contextId") AS has_context,
           "sourceId" IS NULL
             OR EXISTS (SELECT FROM source WHERE source.id = "sourceId" AND source.context_id = "contextId") AS has_source
    FROM request
  ), valid AS (
    SELECT *, row_number() OVER (ORDER BY place)::int AS rank FROM checked WHERE has_context AND has_source
  ), job AS (
    INSERT INTO export_jobs (id, tenant_id, context_id, report_type, format, date_from, date_to, source_id, compression,
                             columns, time_zone, range_from, range_until, requested_by, request_id, turn)
    SELECT id, ${currentTenant()}::uuid, "contextId", "reportType", format, "dateFrom", "dateTo", "sourceId", compression,
           columns, "timeZone", to_timestamp("from"), to_timestamp("until"), actor, "requestId", ${NEXT_TURN}
    FROM valid CROSS JOIN state
    WHERE ${isStorageConfigured}::boolean AND (${maxActive}::int = 0 OR state.jobs + rank <= ${maxActive}::int)
    ORDER BY rank
    RETURNING *
  ), event AS (${insertExportJobEvents(event, Prisma.sql`job`)})
  SELECT checked.has_context AS "hasContext", checked.has_source AS "hasSource",
         job.id, job.tenant_id AS "tenantId", job.status, job.claim, job.turn,
         CASE WHEN job.id IS NOT NULL THEN state.turns_begun END AS "turnsBegun"
  FROM checked CROSS JOIN state LEFT JOIN job ON job.id = checked.id
  ORDER BY checked.place`;
}

/**
 * The turn of a new job: one more than the tenant's last unfinished turn and than the last turn started, whichever is later
 * (docs/decisions/0010); jobs of one statement follow each other. Jobs run by turn, then by creation. A tenant's jobs therefore stay
 * in order, tenants alternate, and no job is added to a turn that has already begun. `export_turns_begun()` finds the last turn
 * started, over all tenants.
 */
const NEXT_TURN = Prisma.raw("greatest(state.turns_begun, state.last_turn) + rank");
