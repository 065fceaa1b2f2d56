import { createSourceRequest } from "@docket/domain";
import { recordEvent } from "@docket/platform/rows";
import Joi from "joi";
import { readRoute, writeRoute, type Route } from "../http/route.ts";
import { newestFirstList } from "../lists/newest-first.ts";
import { pageQuery, pageSchema, type PageQuery } from "../lists/pagination.ts";
import { addSource, listSources } from "./service.ts";
import { sourceSchema, sourceView } from "./view.ts";
import { contextParams } from "../contexts/routes.ts";
import { contextPath } from "../contexts/service.ts";

const sourceListSchema = pageSchema("SourceList", sourceSchema);

const create = writeRoute({
  method: "POST",
  path: "/v1/contexts/:contextId/sources",
  operationId: "createSource",
  summary: "Add a source to a context",
  permission: "context:write",
  params: contextParams,
  body: createSourceRequest,
  responses: {
    201: { description: "The source", body: sourceSchema },
  },
  errors: ["name_taken", "source_limit_reached"],
  handler: async ({ database }, { params, body, by, persist }) =>
    database.transaction(async (tx) => {
      const view = sourceView(await addSource(tx, params.contextId, body));
      const subject = contextPath(params.contextId);
      await recordEvent(tx, by, { type: "source.created", subject, data: view });
      return persist(tx, { status: 201, body: view });
    }),
});

const list = readRoute({
  method: "GET",
  path: "/v1/contexts/:contextId/sources",
  operationId: "listSources",
  summary: "List a context's sources, newest first",
  permission: "context:read",
  params: contextParams,
  query: Joi.object<PageQuery>(pageQuery),
  responses: { 200: { description: "A page of sources", body: sourceListSchema } },
  handler: async ({ database }, { params: { contextId }, query }) => {
    const body = await newestFirstList(
      { list: "sources", contextId },
      query,
      (_filters, window) => listSources(database.prisma, contextId, window),
      sourceView,
    );
    return { status: 200, body };
  },
});

export const sourceRoutes: readonly Route[] = [create, list];
