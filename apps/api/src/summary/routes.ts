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
  handler: async ({ database, config, shareSummary, now }, request) => {
    const { contextId } = request.params;
    const range = exportRange(
      request.query,
      Math.floor(now().getTime() / 1_000),
      config.exportMaxSpanDays,
    );
    // A run reads as the tenant of the call that started it, so the tenant is part of the key.
    const key = [request.principal.tenantId, contextId, range.dateFrom, range.dateTo].join(" ");
    const body = await shareSummary(key, async () => {
      await findContext(database.prisma, contextId);
      return summaryView(contextId, range, await summaryFigures(database, contextId, range));
    });
    return { status: 200, body };
  },
});

export const summaryRoutes: readonly Route[] = [get];
