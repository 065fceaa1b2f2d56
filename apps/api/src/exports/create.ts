import { DocketError, notFound } from "@docket/domain";
import type { Logger } from "@docket/platform";
import type { Database, Statements } from "@docket/platform/database";
import type { ExportQueue } from "@docket/platform/queue";
import {
  createExportJob,
  createExportJobs,
  type CreatedExportJob,
  type CreateExportLimits,
  type CreateRefusal,
  type NewExportJob,
} from "@docket/platform/rows";
import { createBatches, type Batches } from "../batches.ts";
import { sourceNotInContext } from "../sources/service.ts";
import { enqueueExports } from "./enqueue.ts";
import { storageNotConfigured } from "./service.ts";

/** Roughly the time that an export takes. */
const ACTIVE_RETRY_SECONDS = 5;

/** One statement inserts them in some 10 ms. */
const MAX_BATCH = 100;

export type ExportCreator = {
  /**
   * Creates a QUEUED export of the tenant, its event, and its message in the queue. Simultaneous creates of a tenant share a
   * transaction.
   *
   * @throws DocketError `not_found`, `bad_request` for a source of another context, `storage_not_configured`,
   * `too_many_active_exports`.
   */
  readonly create: (tenantId: string, request: NewExportJob) => Promise<CreatedExportJob>;
  /** The same, in a transaction of its own that `beforeCommit` takes part in. Resolves with the result of `beforeCommit`. */
  readonly createWith: <Result>(
    request: NewExportJob,
    beforeCommit: (tx: Statements, job: CreatedExportJob) => Promise<Result>,
  ) => Promise<{ readonly job: CreatedExportJob; readonly result: Result }>;
};

export type CreatorTools = {
  readonly database: Pick<Database, "pool">;
  readonly queue: ExportQueue;
  readonly logger: Logger;
};

/** Creates exports with these limits. */
export function createExportCreator(
  tools: CreatorTools,
  limits: CreateExportLimits,
): ExportCreator {
  const createBatched: Batches<NewExportJob, CreatedExportJob | CreateRefusal> = createBatches(
    async (requests) => {
      const outcomes = await createExportJobs(tools.database, requests, limits);
      const jobs = outcomes.filter((outcome) => typeof outcome === "object");
      enqueueExports(tools, jobs);
      return outcomes;
    },
    MAX_BATCH,
  );
  return {
    create: async (tenantId, request) => accepted(await createBatched(tenantId, request), limits),
    createWith: async (request, beforeCommit) => {
      const outcome = await createExportJob(tools.database, request, limits, beforeCommit);
      const created = accepted(outcome, limits);
      enqueueExports(tools, [created.job]);
      return created;
    },
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
