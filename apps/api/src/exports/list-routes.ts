import { contextExportFilters, exportFilters, type ExportFilters } from "@docket/domain";
import Joi from "joi";
import { readRoute, type Route } from "../http/route.ts";
import { newestFirst, newestFirstPage } from "../lists/newest-first.ts";
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
    const { limit: _limit, cursor: _cursor, ...filters } = query;
    const binding = { list: "context-export-jobs", path: contextId, ...filters };
    const window = newestFirst(query, binding);
    const rows = await listContextExports(database.prisma, contextId, filters, window);
    const at = now();
    const body = await newestFirstPage(rows, query, binding, (row) => exportJobView(row, at));
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
    const { limit: _limit, cursor: _cursor, ...filters } = query;
    const binding = { list: "export-jobs", ...filters };
    const rows = await listExports(database.prisma, filters, newestFirst(query, binding));
    const at = now();
    const body = await newestFirstPage(rows, query, binding, (row) => exportJobView(row, at));
    return { status: 200, body };
  },
});

export const exportJobListRoutes: readonly Route[] = [ofContext, ofTenant];
