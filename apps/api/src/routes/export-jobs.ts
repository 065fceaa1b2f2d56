import {
  createExportRequest,
  exportLifecycle,
  exportRange,
  uuid,
  type ExportStatus,
} from "@docket/domain";
import Joi from "joi";
import { defineRoute, type Route } from "../http/route.ts";
import { announceExport } from "../services/announce-export.ts";
import { downloadExport } from "../services/download-export.ts";
import { createExport, exportJobPath, findExport } from "../services/export-jobs.ts";
import { exportJobView } from "../views/export-job.ts";
import { bodyRefusals, notFoundAnswer, refusals } from "./answers.ts";
import { contextParams } from "./contexts.ts";

/** Seconds between two looks at a job that is not finished. */
const POLL_SECONDS = "2";

const jobParams = Joi.object<{ jobId: string }>({ jobId: uuid().required() });

const create = defineRoute({
  method: "POST",
  path: "/v1/contexts/:contextId/export-jobs",
  operationId: "createExportJob",
  summary: "Ask for an export",
  permission: "export-job:write",
  params: contextParams,
  body: createExportRequest,
  answers: {
    202: { description: "The export is queued", headers: ["Location", "Retry-After"] },
    ...notFoundAnswer,
    ...bodyRefusals,
    ...refusals,
  },
  handler: async (context, { params, body, principal, requestId, logger }) => {
    const today = context.now().toISOString().slice(0, 10);
    const range = exportRange(body, today, context.config.exportMaxSpanDays);
    const spec = { ...body, ...range, contextId: params.contextId };
    const by = { actor: principal.subject, requestId };
    const storing = context.storage !== undefined;
    const job = await context.database.transaction((within) =>
      createExport(within, spec, by, storing),
    );
    announceExport(context.queue, logger, job);
    const statusUrl = exportJobPath(job.id);
    return {
      status: 202,
      headers: { Location: statusUrl, "Retry-After": POLL_SECONDS },
      body: { jobId: job.id, status: job.status, statusUrl },
    };
  },
});

const get = defineRoute({
  method: "GET",
  path: "/v1/export-jobs/:jobId",
  operationId: "getExportJob",
  summary: "An export's state and progress",
  permission: "export-job:read",
  params: jobParams,
  answers: {
    200: { description: "The export job", headers: ["Retry-After"] },
    ...notFoundAnswer,
    ...refusals,
  },
  handler: async (context, { params }) => {
    const job = await findExport(context.database.prisma, params.jobId);
    const moving = isMoving(job.status as ExportStatus);
    return {
      status: 200,
      headers: moving ? { "Retry-After": POLL_SECONDS } : {},
      body: exportJobView(job, context.now()),
    };
  },
});

const download = defineRoute({
  method: "GET",
  path: "/v1/export-jobs/:jobId/download",
  operationId: "downloadExportJob",
  summary: "A link to an export's file",
  permission: "export-job:read",
  params: jobParams,
  answers: {
    200: { description: "The link" },
    409: { description: "The export has no file" },
    410: { description: "The export's file is gone" },
    ...notFoundAnswer,
    ...refusals,
  },
  handler: async ({ database, storage, config, now }, { params, principal, requestId }) => {
    const by = { actor: principal.subject, requestId };
    const options = { now: now(), ttlSeconds: config.exportUrlTtlSeconds };
    const body = await downloadExport(database.prisma, storage, params.jobId, by, options);
    return { status: 200, body };
  },
});

/** QUEUED or RUNNING: a worker may still change it. */
const isMoving = (status: ExportStatus): boolean =>
  exportLifecycle.allowed(status).includes("claim");

export const exportJobRoutes: readonly Route[] = [create, get, download];
