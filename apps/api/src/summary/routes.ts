import { exportRange, summaryQuery } from "@docket/domain";
import { contextParams } from "../contexts/routes.ts";
import { findContext } from "../contexts/service.ts";
import { readRoute, type Route } from "../http/route.ts";
import { summaryFigures } from "./service.ts";
import { summarySchema, summaryView } from "./view.ts";

const get = readRoute({
  method: "GET",
  path: "/v1/contexts/:contextId/summary",
  operationId: "getContextSummary",
  summary: "Get the figures of a context",
  permission: "context:read",
  params: contextParams,
  query: summaryQuery,
  responses: { 200: { description: "The summary", body: summarySchema } },
  handler: async ({ database, config, now }, { params: { contextId }, query }) => {
    const range = exportRange(query, Math.floor(now().getTime() / 1_000), config.exportMaxSpanDays);
    await findContext(database.prisma, contextId);
    const figures = await summaryFigures(database, contextId, range);
    return { status: 200, body: summaryView(contextId, range, figures) };
  },
});

export const summaryRoutes: readonly Route[] = [get];
