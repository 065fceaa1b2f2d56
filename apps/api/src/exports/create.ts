import { DocketError, LAST_TURN, notFound, type ExportSpec } from "@docket/domain";
import {
  currentTenant,
  escapeLiteral,
  plainTransaction,
  statementsOf,
  type Database,
  type Statements,
} from "@docket/platform/database";
import type { Actor, AuditAction } from "@docket/platform/rows";
import { exportJobPath, storageNotConfigured } from "./service.ts";

/** What the caller and the queue are told of a new export. */
export type CreatedExport = {
  readonly id: string;
  readonly tenantId: string;
  readonly status: string;
  readonly claim: number;
  readonly turn: number;
};

/** What this server offers to exports. */
export type ExportOffer = {
  /** Whether there is somewhere to put the file. */
  readonly storing: boolean;
  /** Unfinished exports that a tenant may have; 0: any number. */
  readonly maxActive: number;
};

/** About how long an export takes: then there may be room for another. */
const ACTIVE_RETRY_SECONDS = 5;

/**
 * Writes down a new export, QUEUED, with its audit event. The queue is told after the commit (`announceExport`).
 *
 * @param beforeCommit runs in the transaction of the insert.
 * @param needsTransaction false: `beforeCommit` writes nothing, so the insert may be a transaction of its own.
 * @throws DocketError `not_found`, `bad_request` for a source of another context, `storage_not_configured`, `too_many_active_exports`.
 */
export async function createExport<Result>(
  { pool }: Pick<Database, "pool">,
  spec: ExportSpec,
  by: Actor,
  offer: ExportOffer,
  {
    beforeCommit,
    needsTransaction,
  }: {
    readonly beforeCommit: (tx: Statements, created: CreatedExport) => Promise<Result>;
    readonly needsTransaction: boolean;
  },
): Promise<{ readonly job: CreatedExport; readonly result: Result }> {
  const limited = offer.maxActive > 0;
  // One statement is a transaction of its own. Creates at the same moment may share a turn then, as many as there are connections:
  // the price of not waiting for each other's commits.
  if (!limited && !needsTransaction) {
    const job = await insert(pool, spec, by, offer);
    return { job, result: await beforeCommit(statementsOf(pool), job) };
  }
  // This lock makes two at once safe: from here to the commit a tenant's creates take turns, so that none counts what another has
  // not committed yet, and their order is theirs. READ COMMITTED: what is asked next sees what the one before us has committed.
  const name = escapeLiteral(`exports ${currentTenant()}`);
  const lock = limited ? `SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))` : "";
  return plainTransaction(pool, lock, async (client, tx) => {
    const job = await insert(client, spec, by, offer);
    return { job, result: await beforeCommit(tx, job) };
  });
}

/** The new job, or, where there is none, what kept it from being made. */
type Outcome = {
  readonly context: boolean;
  readonly source: boolean;
} & ({ readonly id: null } | CreatedExport);

async function insert(
  connection: Pick<Database["pool"], "query">,
  spec: ExportSpec,
  by: Actor,
  { storing, maxActive }: ExportOffer,
): Promise<CreatedExport> {
  const { contextId, reportType, format, dateFrom, dateTo, sourceId = null } = spec;
  const job = [contextId, reportType, format, dateFrom, dateTo, sourceId];
  const event = [by.actor, by.requestId, CREATED, exportJobPath("")];
  const values = [currentTenant(), ...job, ...event, storing, maxActive, LAST_TURN];
  const { rows } = await connection.query<Outcome>({ ...INSERT, values });
  const [outcome] = rows as [Outcome];
  if (!outcome.context) throw notFound("context");
  if (!outcome.source) throw foreignSource();
  if (!storing) throw storageNotConfigured();
  if (outcome.id === null) throw tooManyActive(maxActive);
  return outcome;
}

const CREATED: AuditAction = "export-job.created";

/**
 * All in one, and named, so that each connection plans it once: a tenant's other creates wait for its end. The turn is `nextTurn`
 * (packages/domain, export/turns.ts). Nothing is counted without a limit: there may be many.
 */
const INSERT = {
  name: "create-export",
  text: `
  WITH asked AS (
    SELECT EXISTS (SELECT FROM contexts WHERE id = $2::uuid) AS context,
           $7::uuid IS NULL OR EXISTS (SELECT FROM sources WHERE id = $7::uuid AND context_id = $2::uuid) AS source
  ), job AS (
    INSERT INTO export_jobs (tenant_id, context_id, report_type, format, date_from, date_to, source_id, requested_by, request_id, turn)
    SELECT $1::uuid, $2::uuid, $3, $4, $5::date, $6::date, $7::uuid, $8::text, $9::text,
           least(greatest(export_turns_begun(),
                          (SELECT coalesce(max(turn), 0) FROM export_jobs WHERE status IN ('QUEUED', 'RUNNING'))) + 1, $14::int)
    FROM asked
    WHERE asked.context AND asked.source AND $12::boolean
      AND CASE WHEN $13::int = 0 THEN true
               ELSE (SELECT count(*) FROM export_jobs WHERE status IN ('QUEUED', 'RUNNING')) < $13::int END
    RETURNING id, tenant_id, status, claim, turn
  ), event AS (
    INSERT INTO audit_events (tenant_id, actor, action, subject, request_id)
    SELECT tenant_id, $8::text, $10::text, $11::text || id, $9::text FROM job
  )
  SELECT asked.context, asked.source, job.id, job.tenant_id AS "tenantId", job.status, job.claim, job.turn
  FROM asked LEFT JOIN job ON true`,
};

function foreignSource(): DocketError {
  const detail = "sourceId is not a source of this context";
  return new DocketError("bad_request", `${detail}.`, { errors: [{ field: "sourceId", detail }] });
}

const tooManyActive = (maxActive: number): DocketError =>
  new DocketError(
    "too_many_active_exports",
    `At most ${maxActive} exports may be unfinished at a time; wait for one to finish, or cancel one.`,
    { retryAfterSeconds: ACTIVE_RETRY_SECONDS },
  );
