import { DocketError, notFound, type ExportSpec } from "@docket/domain";
import type { Database } from "@docket/platform/database";
import {
  createExportJob,
  type BeforeCommit,
  type Actor,
  type CreatedExportJob,
  type CreateExportLimits,
  type CreateRefusal,
} from "@docket/platform/rows";
import { sourceNotInContext } from "../sources/service.ts";
import { storageNotConfigured } from "./service.ts";

/** Roughly the time that an export takes. */
const ACTIVE_RETRY_SECONDS = 5;

/**
 * Creates a QUEUED export and its audit event. Enqueue it after the commit.
 *
 * @throws DocketError `not_found`, `bad_request` for a source of another context, `storage_not_configured`,
 * `too_many_active_exports`.
 */
export async function createExport<Result>(
  database: Pick<Database, "pool">,
  spec: ExportSpec,
  by: Actor,
  limits: CreateExportLimits,
  before: BeforeCommit<Result>,
): Promise<{ readonly job: CreatedExportJob; readonly result: Result }> {
  const outcome = await createExportJob(database, spec, by, limits, before);
  if (typeof outcome === "object") return outcome;
  throw REFUSALS[outcome](limits);
}

const REFUSALS = {
  context_not_found: () => notFound("context"),
  source_not_in_context: sourceNotInContext,
  storage_not_configured: storageNotConfigured,
  too_many_active: ({ maxActive }) =>
    new DocketError(
      "too_many_active_exports",
      `At most ${maxActive} exports may be unfinished at a time. Wait for one to finish, or cancel one.`,
      { retryAfterSeconds: ACTIVE_RETRY_SECONDS },
    ),
} as const satisfies Record<CreateRefusal, (limits: CreateExportLimits) => DocketError>;
