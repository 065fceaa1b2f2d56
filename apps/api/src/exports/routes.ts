import {
  createExportRequest,
  exportLifecycle,
  exportRange,
  uuid,
  type ExportStatus,
} from "@docket/domain";
import Joi from "joi";
import type { Reply } from "../http/reply.ts";
import { readRoute, writeRoute, type Route } from "../http/route.ts";
import { announceExport } from "./announce.ts";
import { cancelExport } from "./cancel.ts";
import { tellChange } from "./tell-change.ts";
import { downloadExport } from "./download.ts";
import { etagOfView, isKnown } from "../http/etag.ts";
import { createExport, type CreatedExport } from "./create.ts";
import { exportJobPath, pollExport } from "./service.ts";
import { downloadLinkSchema } from "../openapi/download-link.ts";
import { exportJobSchema, exportJobView, queuedExportSchema } from "./view.ts";
import { contextParams } from "../contexts/routes.ts";

/** Seconds between two looks at a job that is not finished. */
const POLL_SECONDS = "2";

const jobParams = Joi.object<{ jobId: string }>({ jobId: uuid().required() });

const create = writeRoute({
  method: "POST",
  path: "/v1/contexts/:contextId/export-jobs",
  operationId: "createExportJob",
  summary: "Ask for an export",
  permission: "export-job:write",
  rateLimit: "exports",
  params: contextParams,
  body: createExportRequest,
  responses: {
    202: {
      description: "The export is queued",
      headers: ["Location", "Retry-After"],
      body: queuedExportSchema,
    },
  },
  errors: ["too_many_active_exports", "storage_not_configured"],
  handler: async (context, request) => {
    const { params, body, principal, requestId, logger, persist, isKeyed } = request;
    const today = context.now().toISOString().slice(0, 10);
    const range = exportRange(body, today, context.config.exportMaxSpanDays);
    const spec = { ...body, ...range, contextId: params.contextId };
    const by = { actor: principal.subject, requestId };
    const maxActive = context.config.exportMaxActivePerTenant;
    const offer = { storing: context.storage !== undefined, maxActive };
    const { job, result } = await createExport(context.database, spec, by, offer, {
      beforeCommit: (tx, created) => persist(tx, createdReply(created)),
      needsTransaction: isKeyed,
    });
    tellChange(context.metrics, logger, { ...spec, ...job }, "QUEUED");
    announceExport(context.queue, logger, job);
    return result;
  },
});

function createdReply({ id, status }: CreatedExport): Reply {
  const statusUrl = exportJobPath(id);
  const headers = { Location: statusUrl, "Retry-After": POLL_SECONDS };
  return { status: 202, headers, body: { jobId: id, status, statusUrl } };
}

const get = readRoute({
  method: "GET",
  path: "/v1/export-jobs/:jobId",
  operationId: "getExportJob",
  summary: "An export's state and progress",
  permission: "export-job:read",
  params: jobParams,
  responses: {
    200: { description: "The export job", headers: ["ETag", "Retry-After"], body: exportJobSchema },
    304: { description: "The caller has it as it is", headers: ["ETag", "Retry-After"] },
  },
  handler: async ({ database, now }, { params, headers: { "if-none-match": ifNoneMatch } }) => {
    const job = await pollExport(database, params.jobId);
    const body = exportJobView(job, now());
    // A job has no version: a file's time runs out without a write to its row.
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
  summary: "Cancel an export that is not finished",
  permission: "export-job:write",
  params: jobParams,
  responses: { 200: { description: "The export job, CANCELED", body: exportJobSchema } },
  errors: ["export_not_cancelable"],
  handler: async (
    { database, metrics, now },
    { params, principal, requestId, logger, persist },
  ) => {
    const by = { actor: principal.subject, requestId };
    const { job, changed, reply } = await database.transaction(async (tx) => {
      const canceled = await cancelExport(tx, params.jobId, by);
      const view = exportJobView(canceled.job, now());
      return { ...canceled, reply: await persist(tx, { status: 200, body: view }) };
    });
    if (changed) tellChange(metrics, logger, job, "CANCELED");
    return reply;
  },
});

const download = readRoute({
  method: "GET",
  path: "/v1/export-jobs/:jobId/download",
  operationId: "downloadExportJob",
  summary: "A link to an export's file",
  isAudited: true,
  permission: "export-job:read",
  params: jobParams,
  responses: { 200: { description: "The link", body: downloadLinkSchema } },
  errors: ["export_not_ready", "export_file_gone", "storage_not_configured"],
  handler: async ({ database, storage, config, now }, { params, principal, requestId }) => {
    const by = { actor: principal.subject, requestId };
    const options = { now: now(), ttlSeconds: config.exportUrlTtlSeconds };
    const body = await downloadExport(database.prisma, storage, params.jobId, by, options);
    return { status: 200, body };
  },
});

/** When to look again, while a worker may still change the job. */
const pollHeaders = ({ status }: { readonly status: string }): Readonly<Record<string, string>> =>
  exportLifecycle.allowed(status as ExportStatus).includes("claim")
    ? { "Retry-After": POLL_SECONDS }
    : {};

export const exportJobRoutes: readonly Route[] = [create, get, cancel, download];
