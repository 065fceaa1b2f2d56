import { disputeFilters, type DisputeFilters } from "@docket/domain";
import Joi from "joi";
import { readRoute, type Route } from "../http/route.ts";
import { requireOrder } from "../lists/filters.ts";
import { sortedPage, sortedWindow, sortParameter, type SortedQuery } from "../lists/keyset.ts";
import { pageQuery, pageSchema } from "../lists/pagination.ts";
import { DISPUTE_SORTS, listDisputes } from "./list.ts";
import { disputeHistory, findDispute, withEvidence } from "./service.ts";
import { etagOf, isKnown } from "../http/etag.ts";
import { disputeEventView, disputeHistorySchema, disputeSchema, disputeView } from "./view.ts";
import { disputeResponse, disputeParams, disputeReply } from "./routes.ts";

const get = readRoute({
  method: "GET",
  path: "/v1/disputes/:disputeId",
  operationId: "getDispute",
  summary: "A dispute with its evidence",
  permission: "dispute:read",
  params: disputeParams,
  responses: {
    200: disputeResponse,
    304: { description: "The caller has this version already", headers: ["ETag"] },
  },
  handler: async ({ database }, { params, headers }) => {
    const row = await findDispute(database.prisma, params.disputeId);
    const etag = etagOf(row.version);
    if (isKnown(headers["if-none-match"], etag)) return { status: 304, headers: { ETag: etag } };
    return disputeReply(await withEvidence(database.prisma, row));
  },
});

const history = readRoute({
  method: "GET",
  path: "/v1/disputes/:disputeId/history",
  operationId: "getDisputeHistory",
  summary: "All that happened to a dispute, oldest first",
  permission: "dispute:read",
  params: disputeParams,
  responses: { 200: { description: "The events", body: disputeHistorySchema } },
  handler: async ({ database }, { params }) => {
    const rows = await disputeHistory(database.prisma, params.disputeId);
    return { status: 200, body: { items: rows.map(disputeEventView) } };
  },
});

type ListQuery = DisputeFilters & SortedQuery;

const list = readRoute({
  method: "GET",
  path: "/v1/disputes",
  operationId: "listDisputes",
  summary: "List disputes",
  permission: "dispute:read",
  query: Joi.object<ListQuery>({
    ...pageQuery,
    ...disputeFilters,
    sort: sortParameter(DISPUTE_SORTS, "-createdAt"),
  }),
  responses: {
    200: { description: "A page of disputes", body: pageSchema("DisputeList", disputeSchema) },
  },
  handler: async ({ database }, { query }) => {
    const { limit: _limit, cursor: _cursor, sort: _sort, ...filters } = query;
    requireOrder(filters);
    const binding = { list: "disputes", ...filters };
    const window = sortedWindow(DISPUTE_SORTS, query, binding);
    const rows = await listDisputes(database.prisma, filters, window);
    return { status: 200, body: sortedPage(rows, DISPUTE_SORTS, query, binding, disputeView) };
  },
});

export const disputeReadRoutes: readonly Route[] = [list, get, history];
