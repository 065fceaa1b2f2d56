import { createContextRequest, uuid } from "@docket/domain";
import { recordEvent } from "@docket/platform/rows";
import Joi from "joi";
import { readRoute, writeRoute, type Route } from "../http/route.ts";
import { newestFirstList } from "../lists/newest-first.ts";
import { pageQuery, pageSchema, type PageQuery } from "../lists/pagination.ts";
import {
  addContext,
  contextCounts,
  contextPath,
  findContext,
  listContexts,
  NO_COUNTS,
} from "./service.ts";
import { contextSchema, contextView, countedContextSchema } from "./view.ts";

/** The path parameters of every route below one context. */
export const contextParams = Joi.object<{ contextId: string }>({ contextId: uuid().required() });

const contextListSchema = pageSchema("ContextList", contextSchema);

const create = writeRoute({
  method: "POST",
  path: "/v1/contexts",
  operationId: "createContext",
  summary: "Create a context",
  permission: "context:write",
  body: createContextRequest,
  responses: {
    201: { description: "The context", headers: ["Location"], body: contextSchema },
  },
  errors: ["name_taken"],
  handler: async ({ database }, { body, by, persist }) =>
    database.transaction(async (tx) => {
      const row = await addContext(tx, body);
      const subject = contextPath(row.id);
      const data = contextView(row, NO_COUNTS);
      await recordEvent(tx, by, { type: "context.created", subject, data });
      const headers = { Location: subject };
      return persist(tx, { status: 201, headers, body: contextView(row) });
    }),
});

const list = readRoute({
  method: "GET",
  path: "/v1/contexts",
  operationId: "listContexts",
  summary: "List the tenant's contexts, newest first",
  permission: "context:read",
  query: Joi.object<PageQuery>(pageQuery),
  responses: { 200: { description: "A page of contexts", body: contextListSchema } },
  handler: async ({ database }, { query }) => {
    const body = await newestFirstList(
      { list: "contexts" },
      query,
      (_filters, window) => listContexts(database.prisma, window),
      (row) => contextView(row),
    );
    return { status: 200, body };
  },
});

const get = readRoute({
  method: "GET",
  path: "/v1/contexts/:contextId",
  operationId: "getContext",
  summary: "Get a context with its counts",
  permission: "context:read",
  params: contextParams,
  responses: { 200: { description: "The context", body: countedContextSchema } },
  handler: async ({ database }, { params }) => {
    const row = await findContext(database.prisma, params.contextId);
    const counts = await contextCounts(database.prisma, row.id);
    return { status: 200, body: contextView(row, counts) };
  },
});

export const contextRoutes: readonly Route[] = [create, list, get];
