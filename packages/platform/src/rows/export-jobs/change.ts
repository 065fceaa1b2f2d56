import {
  exportTransition,
  LEASE_SECONDS,
  type Compression,
  type EventType,
  type ExportAction,
  type ExportGuard,
  type ExportStatus,
  type Format,
  type ReportType,
} from "@docket/domain";
import { Prisma, type Transaction } from "../../database/index.ts";
import type { Actor } from "../events/record.ts";
import { insertExportJobEvents } from "./event.ts";

/** An export job as a change left it. Days are `YYYY-MM-DD`. */
export type ExportJob = {
  readonly id: string;
  readonly tenantId: string;
  readonly contextId: string;
  readonly reportType: ReportType;
  readonly format: Format;
  readonly dateFrom: string;
  readonly dateTo: string;
  readonly sourceId: string | null;
  readonly compression: Compression | null;
  /** Empty: all. */
  readonly columns: readonly string[];
  /** Null: UTC. */
  readonly timeZone: string | null;
  /** The range in `timeZone`, in seconds since 1970-01-01T00:00:00Z; null in UTC. */
  readonly rangeFrom: number | null;
  readonly rangeUntil: number | null;
  readonly status: ExportStatus;
  readonly claim: number;
  readonly turn: number;
  readonly attempts: number;
  readonly requestId: string | null;
};

/**
 * A worker's claim on a job: the fencing token that every write of the worker names. A failover of the database may repeat the
 * number `claim`, but not the random `holder`.
 */
export type ExportClaim = {
  readonly id: string;
  readonly claim: number;
  readonly holder: string;
};

export type ExportJobChange = {
  /** The job changes only while these are its current ones. Changes by the holder require both `claim` and `holder`. */
  readonly job: Partial<ExportClaim> & Pick<ExportClaim, "id">;
  readonly action: ExportAction;
  /** The columns to set besides `status` and `lease_until`. */
  readonly set?: readonly Prisma.Sql[];
  /** A condition besides those of the lifecycle. */
  readonly where?: Prisma.Sql;
  /** Who changes the job. Default: the worker, in the request that created the job. */
  readonly by?: Actor;
};

/** The event of each action. */
const EVENTS = {
  claim: "export-job.started",
  renew: undefined,
  succeed: "export-job.succeeded",
  retry: "export-job.retried",
  "hand-back": "export-job.retried",
  requeue: "export-job.retried",
  fail: "export-job.failed",
  "give-up": "export-job.failed",
  cancel: "export-job.canceled",
  expire: "export-job.expired",
} as const satisfies Record<ExportAction, EventType | undefined>;

/**
 * The only UPDATE of an export job. It sets the status that the lifecycle gives for `action`, if the row satisfies the
 * lifecycle's conditions, and writes the event of the action in the same statement.
 *
 * Returns undefined, and changes nothing, if the row is in another state, is not held by the given claim, or belongs to
 * another tenant. Concurrent changes serialize on the row lock; the later one checks its conditions against the result of the
 * earlier one.
 */
export async function changeExportJob(
  tx: Transaction,
  { job, action, set = [], where = Prisma.sql`true`, by }: ExportJobChange,
): Promise<ExportJob | undefined> {
  const { from, to, guard } = exportTransition(action);
  const columns = [Prisma.sql`status = ${to}`, Prisma.sql`lease_until = ${leaseIn(to)}`, ...set];
  const type = EVENTS[action];
  const event =
    type === undefined
      ? Prisma.empty
      : Prisma.sql`, event AS (${insertExportJobEvents({ type, by }, Prisma.sql`changed`)})`;
  const [changed] = await tx.$queryRaw<ExportJob[]>`
    WITH changed AS (
      UPDATE export_jobs SET ${Prisma.join(columns)}
      WHERE id = ${job.id}::uuid AND status IN (${Prisma.join(from)})
        AND ${claimIs(job, guard)} AND ${GUARDS[guard]} AND ${where}
      RETURNING *
    )${event}
    SELECT id, tenant_id AS "tenantId", context_id AS "contextId", report_type AS "reportType", format,
           date_from::text AS "dateFrom", date_to::text AS "dateTo", source_id AS "sourceId", compression,
           columns, time_zone AS "timeZone", extract(epoch FROM range_from)::float8 AS "rangeFrom",
           extract(epoch FROM range_until)::float8 AS "rangeUntil",
           status, claim, turn, attempts, request_id AS "requestId"
    FROM changed`;
  return changed;
}

/** RUNNING jobs have a lease, others have none. Leases use the database's clock only. */
const leaseIn = (status: ExportStatus): Prisma.Sql =>
  status === "RUNNING"
    ? Prisma.sql`now() + make_interval(secs => ${LEASE_SECONDS})`
    : Prisma.sql`NULL`;

const GUARDS = {
  holder: Prisma.sql`true`,
  "lease-expired": Prisma.sql`(status <> 'RUNNING' OR lease_until < now())`,
  none: Prisma.sql`true`,
} as const satisfies Record<ExportGuard, Prisma.Sql>;

function claimIs({ claim, holder }: ExportJobChange["job"], guard: ExportGuard): Prisma.Sql {
  if (guard === "holder") {
    if (claim === undefined || holder === undefined)
      throw new Error("a change by the holder must name its claim and itself");
    return Prisma.sql`claim = ${claim} AND holder = ${holder}::uuid`;
  }
  return claim === undefined ? Prisma.sql`true` : Prisma.sql`claim = ${claim}`;
}
