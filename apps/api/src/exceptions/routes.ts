import { exceptionFilters, type ExceptionFilters } from "@docket/domain";
import Joi from "joi";
import { readRoute, type Route } from "../http/route.ts";
import { sortedList, sortParameter, type SortedQuery } from "../lists/keyset.ts";
import { pageQuery, pageSchema, type PageQuery } from "../lists/pagination.ts";
import { exceptionHistory } from "./history.ts";
import { EXCEPTION_SORTS, listExceptions } from "./list.ts";
import { exceptionParams, exceptionReply, exceptionResponse } from "./response.ts";
import { findException } from "./service.ts";
import {
  exceptionEventView,
  exceptionHistorySchema,
  exceptionSchema,
  exceptionView,
} from "./view.ts";

type ListQuery = ExceptionFilters & SortedQuery;

const list = readRoute({
  method: "GET",
  path: "/v1/exceptions",
  operationId: "listExceptions",
  summary: "List exceptions",
  permission: "exception:read",
  query: Joi.object<ListQuery>({
    ...pageQuery,
    ...exceptionFilters,
    sort: sortParameter(EXCEPTION_SORTS, "-createdAt"),
  }),
  responses: {
    200: {
      description: "A page of exceptions",
      body: pageSchema("ExceptionList", exceptionSchema),
    },
  },
  handler: async ({ database, now }, { query }) => {
    const at = now();
    const body = await sortedList(
      { name: "exceptions", keys: EXCEPTION_SORTS },
      query,
      (filters, window) => listExceptions(database.prisma, filters, window, at),
      (row) => exceptionView(row, at),
    );
    return { status: 200, body };
  },
});

const get = readRoute({
  method: "GET",
  path: "/v1/exceptions/:exceptionId",
  operationId: "getException",
  summary: "Get an exception with its transaction and its disputes",
  permission: "exception:read",
  params: exceptionParams,
  responses: { 200: exceptionResponse },
  // Never a 304: the version says nothing about the transaction, the disputes and the age.
  handler: async ({ database, now }, { params }) =>
    exceptionReply(await findException(database.prisma, params.exceptionId), now()),
});

const history = readRoute({
  method: "GET",
  path: "/v1/exceptions/:exceptionId/history",
  operationId: "getExceptionHistory",
  summary: "Get the history of an exception, oldest first",
  permission: "exception:read",
  params: exceptionParams,
  query: Joi.object<PageQuery>(pageQuery),
  responses: { 200: { description: "A page of events", body: exceptionHistorySchema } },
  handler: async ({ database }, { params: { exceptionId }, query }) => {
    const body = await exceptionHistory(database.prisma, exceptionId, query, exceptionEventView);
    return { status: 200, body };
  },
});

export const exceptionRoutes: readonly Route[] = [list, get, history];
