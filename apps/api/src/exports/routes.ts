import {
  createExportRequest,
  UNFINISHED_EXPORT_STATUSES,
  uuid,
  type ExportStatus,
} from "@docket/domain";
import { statementsOf } from "@docket/platform/database";
import { exportJobPath, type CreatedExportJob, type NewExportJob } from "@docket/platform/rows";
import Joi from "joi";
import type { Reply } from "../http/reply.ts";
import type { ApiContext } from "../context.ts";
import type { PersistedReply } from "../http/idempotency.ts";
import { readRoute, writeRoute, type Route, type WriteRequest } from "../http/route.ts";
import { withPermit } from "../http/semaphore.ts";
import { cancelExport } from "./cancel.ts";
import { downloadExport } from "./download.ts";
import { estimateExport } from "./estimate.ts";
import { enqueueExport } from "./enqueue.ts";
import { reportChange } from "./report-change.ts";
import { etagOfView, isKnown } from "../http/etag.ts";
import { exportSpec } from "./spec.ts";
import {
  exportDownloadSchema,
  exportEstimateSchema,
  exportJobSchema,
  exportJobView,
  queuedExportSchema,
} from "./view.ts";
import { contextParams } from "../contexts/routes.ts";

/** How often a client should poll an unfinished job. */
const POLL_SECONDS = "2";

const jobParams = Joi.object<{ jobId: string }>({ jobId: uuid().required() });

const create = writeRoute({
  method: "POST",
  path: "/v1/contexts/:contextId/export-jobs",
  operationId: "createExportJob",
  summary: "Create an export job",
  permission: "export-job:write",
  rateLimit: "exports",
  params: contextParams,
  body: createExportRequest,
  responses: {
    202: {
      description: "The export job is queued",
      headers: ["Location", "Retry-After"],
      body: queuedExportSchema,
    },
  },
  errors: ["too_many_active_exports", "storage_not_configured"],
  handler: async (context, request) => {
    const { params, body, by, logger } = request;
    const { exportMaxSpanDays } = context.config;
    const spec = exportSpec(params.contextId, body, context.now(), exportMaxSpanDays);
    const { job, result } = await createAndPersist(context, request, { spec, by });
    reportChange(context.metrics, logger, { ...spec, ...job }, "QUEUED");
    enqueueExport(context.queue, logger, job);
    return result;
  },
});

const estimate = writeRoute({
  method: "POST",
  path: "/v1/contexts/:contextId/export-jobs/estimate",
  operationId: "estimateExportJob",
  summary: "Count what an export would contain, without creating it",
  permission: "export-job:read",
  params: contextParams,
  body: createExportRequest,
  responses: { 200: { description: "The estimate", body: exportEstimateSchema } },
  handler: async ({ database, config, semaphores, now }, { params, body, principal, persist }) => {
    const spec = exportSpec(params.contextId, body, now(), config.exportMaxSpanDays);
    const counted = await withPermit(semaphores.counts, principal.tenantId, () =>
      estimateExport(database, spec),
    );
    return persist(statementsOf(database.pool), { status: 200, body: counted });
  },
});

/** With an idempotency key, the reply commits together with the export. */
async function createAndPersist(
  { exports, database }: ApiContext,
  { persist, isKeyed }: Pick<WriteRequest, "persist" | "isKeyed">,
  wanted: NewExportJob,
): Promise<{ readonly job: CreatedExportJob; readonly result: PersistedReply }> {
  if (isKeyed)
    return exports.createInTransaction(wanted, (tx, job) => persist(tx, createdReply(job)));
  const job = await exports.create(wanted);
  // Stores nothing.
  return { job, result: await persist(statementsOf(database.pool), createdReply(job)) };
}

function createdReply({ id, status }: CreatedExportJob): Reply {
  const statusUrl = exportJobPath(id);
  const headers = { Location: statusUrl, "Retry-After": POLL_SECONDS };
  return { status: 202, headers, body: { jobId: id, status, statusUrl } };
}

const get = readRoute({
  method: "GET",
  path: "/v1/export-jobs/:jobId",
  operationId: "getExportJob",
  summary: "Get an export job: its status and progress",
  permission: "export-job:read",
  params: jobParams,
  responses: {
    200: { description: "The export job", headers: ["ETag", "Retry-After"], body: exportJobSchema },
    304: { description: "The job has not changed", headers: ["ETag", "Retry-After"] },
  },
  handler: async ({ pollExport, now }, { params, headers: { "if-none-match": ifNoneMatch } }) => {
    const job = await pollExport(params.jobId);
    const body = exportJobView(job, now());
    // A hash of the view, not a version: a file expires without a write to the row.
    const etag = etagOfView(body);
    const headers = { ETag: etag, ...pollHeaders(job) };
    if (isKnown(ifNoneMatch, etag)) return { status: 304, headers };
    return { status: 200, headers, body };
  },
});

const cancel = writeRoute({
  method: "POST",
  path: "/v1/export-jobs/:jobId/cancel",
  operationId: "cancelExportJob",
  summary: "Cancel an unfinished export job",
  permission: "export-job:write",
  params: jobParams,
  responses: { 200: { description: "The export job, CANCELED", body: exportJobSchema } },
  errors: ["export_not_cancelable"],
  handler: async ({ database, metrics, now }, { params, by, logger, persist }) => {
    const { job, changed, reply } = await database.transaction(async (tx) => {
      const canceled = await cancelExport(tx, params.jobId, by);
      const view = exportJobView(canceled.job, now());
      return { ...canceled, reply: await persist(tx, { status: 200, body: view }) };
    });
    if (changed) reportChange(metrics, logger, job, "CANCELED");
    return reply;
  },
});

const download = readRoute({
  method: "GET",
  path: "/v1/export-jobs/:jobId/download",
  operationId: "downloadExportJob",
  summary: "Get a download URL for an export's file",
  isAudited: true,
  permission: "export-job:read",
  params: jobParams,
  responses: { 200: { description: "The download URL", body: exportDownloadSchema } },
  errors: ["export_not_ready", "export_file_gone", "storage_not_configured"],
  handler: async ({ database, storage, config, now }, { params, by }) => {
    const options = { now: now(), ttlSeconds: config.exportUrlTtlSeconds };
    const body = await downloadExport(database.prisma, storage, params.jobId, by, options);
    return { status: 200, body };
  },
});

/** Retry-After, while the job is unfinished. */
const pollHeaders = ({ status }: { readonly status: string }): Readonly<Record<string, string>> =>
  UNFINISHED_EXPORT_STATUSES.includes(status as ExportStatus)
    ? { "Retry-After": POLL_SECONDS }
    : {};

export const exportJobRoutes: readonly Route[] = [create, estimate, get, cancel, download];
