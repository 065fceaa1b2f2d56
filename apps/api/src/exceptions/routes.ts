import { exceptionFilters, uuid, type ExceptionFilters } from "@docket/domain";
import Joi from "joi";
import { readRoute, type Route } from "../http/route.ts";
import { requireOrder } from "../lists/filters.ts";
import { sortedPage, sortedWindow, sortParameter, type SortedQuery } from "../lists/keyset.ts";
import { pageQuery, pageSchema } from "../lists/pagination.ts";
import { EXCEPTION_SORTS, findException, listExceptions } from "./service.ts";
import { exceptionSchema, exceptionView } from "./view.ts";

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
  handler: async ({ database }, { query }) => {
    const { limit: _limit, cursor: _cursor, sort: _sort, ...filters } = query;
    requireOrder(filters);
    const binding = { list: "exceptions", ...filters };
    const window = sortedWindow(EXCEPTION_SORTS, query, binding);
    const rows = await listExceptions(database.prisma, filters, window);
    return {
      status: 200,
      body: await sortedPage(rows, EXCEPTION_SORTS, query, binding, exceptionView),
    };
  },
});

const get = readRoute({
  method: "GET",
  path: "/v1/exceptions/:exceptionId",
  operationId: "getException",
  summary: "Get an exception with its transaction and its disputes",
  permission: "exception:read",
  params: Joi.object<{ exceptionId: string }>({ exceptionId: uuid().required() }),
  responses: { 200: { description: "The exception", body: exceptionSchema } },
  handler: async ({ database }, { params }) => ({
    status: 200,
    body: exceptionView(await findException(database.prisma, params.exceptionId)),
  }),
});

export const exceptionRoutes: readonly Route[] = [list, get];
