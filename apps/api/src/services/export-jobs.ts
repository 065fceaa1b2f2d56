import { DocketError, nextTurn, notFound, type ExportSpec } from "@docket/domain";
import { currentTenant, type Prisma, type Transaction } from "@docket/platform/database";
import { recordAudit, type Actor } from "./audit.ts";
import { findContext } from "./contexts.ts";

export type ExportJobRow = Prisma.ExportJobGetPayload<object>;

/** What a job is called in the audit trail: its path. */
export const exportJobPath = (jobId: string): string => `/v1/export-jobs/${jobId}`;

/** About how long an export takes: then there may be room for another. */
const ACTIVE_RETRY_SECONDS = 5;

const midnight = (day: string): Date => new Date(`${day}T00:00:00.000Z`);

/** What this server offers to exports. */
export type ExportOffer = {
  /** Whether there is somewhere to put the file. */
  readonly storing: boolean;
  /** Unfinished exports that a tenant may have; 0: any number. */
  readonly maxActive: number;
};

/**
 * Writes down a new export, QUEUED, with its audit event. The queue is told after the commit (`announceExport`).
 *
 * @throws DocketError `not_found`, `bad_request` for a source of another context, `storage_not_configured`, `too_many_active_exports`.
 */
export async function createExport(
  within: Transaction,
  spec: ExportSpec,
  by: Actor,
  { storing, maxActive }: ExportOffer,
): Promise<ExportJobRow> {
  await findContext(within, spec.contextId);
  if (spec.sourceId !== undefined) await requireSource(within, spec.contextId, spec.sourceId);
  if (!storing) throw storageNotConfigured();
  const turn = await takeTurn(within, maxActive);
  const job = await within.exportJob.create({
    data: {
      tenantId: currentTenant(),
      contextId: spec.contextId,
      reportType: spec.reportType,
      format: spec.format,
      dateFrom: midnight(spec.dateFrom),
      dateTo: midnight(spec.dateTo),
      ...(spec.sourceId !== undefined && { sourceId: spec.sourceId }),
      requestedBy: by.actor,
      requestId: by.requestId,
      turn,
    },
  });
  await recordAudit(within, by, "export-job.created", exportJobPath(job.id));
  return job;
}

/** The new job's place among all tenants'. @throws DocketError `too_many_active_exports`. */
async function takeTurn(within: Transaction, maxActive: number): Promise<number> {
  // This line makes two at once safe: from here to the commit a tenant's creates take turns, so that none counts what another has
  // not committed yet, and their order is theirs. READ COMMITTED: what is asked next sees what the one before us has committed.
  await within.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('exports ' || ${currentTenant()}, 0))`;
  const [{ active, last, begun }] = await within.$queryRaw<[Unfinished]>`
    SELECT count(*)::int AS active, coalesce(max(turn), 0) AS last, export_turns_begun() AS begun
    FROM export_jobs WHERE status IN ('QUEUED', 'RUNNING')`;
  if (maxActive > 0 && active >= maxActive) throw tooManyActive(maxActive);
  return nextTurn(begun, last);
}

/** A tenant's unfinished jobs: how many, the last one's turn; and the turn that all tenants together have come to. */
type Unfinished = { readonly active: number; readonly last: number; readonly begun: number };

const tooManyActive = (maxActive: number): DocketError =>
  new DocketError(
    "too_many_active_exports",
    `At most ${maxActive} exports may be unfinished at a time; wait for one to finish, or cancel one.`,
    { retryAfterSeconds: ACTIVE_RETRY_SECONDS },
  );

/** @throws DocketError `not_found`, also for another tenant's. */
export async function findExport(within: Transaction, id: string): Promise<ExportJobRow> {
  const row = await within.exportJob.findFirst({ where: { id } });
  if (row === null) throw notFound("export job");
  return row;
}

/** The refusal of whatever needs an object storage where there is none. It does not come back by itself: no Retry-After. */
export const storageNotConfigured = (): DocketError =>
  new DocketError("storage_not_configured", "No object storage is configured on this server.");

async function requireSource(within: Transaction, contextId: string, id: string): Promise<void> {
  const source = await within.source.findFirst({ where: { id, contextId }, select: { id: true } });
  if (source !== null) return;
  const detail = "sourceId is not a source of this context";
  throw new DocketError("bad_request", `${detail}.`, { errors: [{ field: "sourceId", detail }] });
}
