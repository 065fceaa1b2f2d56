import { contextExportFilters, exportFilters, type ExportFilters } from "@docket/domain";
import Joi from "joi";
import { readRoute, type Route } from "../http/route.ts";
import { newestFirstList } from "../lists/newest-first.ts";
import { pageQuery, pageSchema, type PageQuery } from "../lists/pagination.ts";
import { listContextExports, listExports } from "./list.ts";
import { exportJobSchema, exportJobView } from "./view.ts";
import { contextParams } from "../contexts/routes.ts";

type ListQuery = ExportFilters & PageQuery;

const exportJobListSchema = pageSchema("ExportJobList", exportJobSchema);

const ofContext = readRoute({
  method: "GET",
  path: "/v1/contexts/:contextId/export-jobs",
  operationId: "listContextExportJobs",
  summary: "List a context's export jobs, newest first",
  permission: "export-job:read",
  params: contextParams,
  query: Joi.object<ListQuery>({ ...pageQuery, ...contextExportFilters }),
  responses: { 200: { description: "A page of export jobs", body: exportJobListSchema } },
  handler: async ({ database, now }, { params: { contextId }, query }) => {
    const body = await newestFirstList(
      { list: "context-export-jobs", path: contextId },
      query,
      (filters, window) => listContextExports(database.prisma, contextId, filters, window),
      (row) => exportJobView(row, now()),
    );
    return { status: 200, body };
  },
});

const ofTenant = readRoute({
  method: "GET",
  path: "/v1/export-jobs",
  operationId: "listExportJobs",
  summary: "List the export jobs of all contexts, newest first",
  permission: "export-job:read",
  query: Joi.object<ListQuery>({ ...pageQuery, ...exportFilters }),
  responses: { 200: { description: "A page of export jobs", body: exportJobListSchema } },
  handler: async ({ database, now }, { query }) => {
    const body = await newestFirstList(
      { list: "export-jobs" },
      query,
      (filters, window) => listExports(database.prisma, filters, window),
      (row) => exportJobView(row, now()),
    );
    return { status: 200, body };
  },
});

export const exportJobListRoutes: readonly Route[] = [ofContext, ofTenant];
