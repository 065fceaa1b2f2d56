import { DocketError, notFound } from "@docket/domain";
import type { Database, Statements } from "@docket/platform/database";
import {
  createExportJob,
  createExportJobs,
  type CreatedExportJob,
  type CreateExportLimits,
  type CreateRefusal,
  type NewExportJob,
} from "@docket/platform/rows";
import { createBatcher, type RunBatched } from "../batcher.ts";
import { tooMany } from "../http/translate-error.ts";
import { WAITING_PER_TENANT } from "../semaphores.ts";
import { sourceNotInContext } from "../sources/service.ts";
import { storageNotConfigured } from "./service.ts";

/** Roughly the time that an export takes. */
const ACTIVE_RETRY_SECONDS = 5;

/** Creates exports of the current tenant. Enqueue them after the commit. */
export type ExportCreator = {
  /**
   * Creates a QUEUED export and its event. Simultaneous creates of the tenant share a statement and a transaction
   * (docs/decisions/0017).
   *
   * @throws DocketError `not_found`, `bad_request` for a source of another context, `storage_not_configured`,
   * `too_many_active_exports`; `dependency_unavailable` after too long a wait.
   */
  readonly create: (request: NewExportJob) => Promise<CreatedExportJob>;
  /** The same in a transaction that nothing shares but `beforeCommit`. */
  readonly createInTransaction: <Result>(
    request: NewExportJob,
    beforeCommit: (tx: Statements, job: CreatedExportJob) => Promise<Result>,
  ) => Promise<{ readonly job: CreatedExportJob; readonly result: Result }>;
};

const BATCHES = {
  // A batch holds the locks of its tenant for a few tens of milliseconds.
  maxItems: 100,
  ...WAITING_PER_TENANT,
  refusal: () => tooMany("creates of exports"),
};

export function createExportCreator(
  database: Pick<Database, "pool">,
  limits: CreateExportLimits,
): ExportCreator {
  const createBatched: RunBatched<NewExportJob, CreatedExportJob | CreateRefusal> = createBatcher(
    (requests) => createExportJobs(database, requests, limits),
    BATCHES,
  );
  return {
    create: async (request) => accepted(await createBatched(request), limits),
    createInTransaction: async (request, beforeCommit) =>
      accepted(await createExportJob(database, request, limits, beforeCommit), limits),
  };
}

/** @throws DocketError for a refusal. */
function accepted<Created extends object>(
  outcome: Created | CreateRefusal,
  limits: CreateExportLimits,
): Created {
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
