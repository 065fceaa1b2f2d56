import { exceptionFilters, uuid, type ExceptionFilters } from "@docket/domain";
import Joi from "joi";
import { defineRoute, type Route } from "../http/route.ts";
import { canonical } from "../lists/filters.ts";
import { orderOf, positionOf, sortParameter } from "../lists/keyset.ts";
import {
  decodeCursor,
  encodeCursor,
  pageOf,
  pageQuery,
  pageSchema,
  type Binding,
  type PageQuery,
} from "../lists/pagination.ts";
import {
  EXCEPTION_SORTS,
  findException,
  listExceptions,
  type ExceptionRow,
  type ExceptionSort,
} from "../services/exceptions.ts";
import { exceptionSchema, exceptionView } from "../views/exception.ts";

type ListQuery = ExceptionFilters & PageQuery & { readonly sort: string };

const list = defineRoute({
  method: "GET",
  path: "/v1/exceptions",
  operationId: "listExceptions",
  summary: "List exceptions",
  permission: "exception:read",
  query: Joi.object<ListQuery>({
    ...pageQuery,
    ...exceptionFilters,
    sort: sortParameter(Object.keys(EXCEPTION_SORTS), "-createdAt"),
  }),
  answers: {
    200: {
      description: "A page of exceptions",
      body: pageSchema("ExceptionList", exceptionSchema),
    },
  },
  handler: async ({ database }, { query }) => {
    const { limit, cursor, sort, ...given } = query;
    const filters = canonical(given);
    const order = orderOf<ExceptionSort>(sort);
    const binding: Binding = { list: "exceptions", sort, ...filters };
    const after = cursor === undefined ? {} : { after: decodeCursor(binding, cursor) };
    const rows = await listExceptions(database.prisma, filters, order, { limit, ...after });
    const cursorAfter = (row: ExceptionRow): string =>
      encodeCursor(binding, positionOf(EXCEPTION_SORTS, order, row));
    return { status: 200, body: pageOf(rows, limit, exceptionView, cursorAfter) };
  },
});

const get = defineRoute({
  method: "GET",
  path: "/v1/exceptions/:exceptionId",
  operationId: "getException",
  summary: "An exception with its transaction and its disputes",
  permission: "exception:read",
  params: Joi.object<{ exceptionId: string }>({ exceptionId: uuid().required() }),
  answers: { 200: { description: "The exception", body: exceptionSchema } },
  handler: async ({ database }, { params }) => ({
    status: 200,
    body: exceptionView(await findException(database.prisma, params.exceptionId)),
  }),
});

export const exceptionRoutes: readonly Route[] = [list, get];
