import {
  createDisputeRequest,
  disputeFilters,
  disputePath,
  uuid,
  type DisputeFilters,
} from "@docket/domain";
import Joi from "joi";
import { etagOf, isKnown } from "../http/etag.ts";
import { readRoute, writeRoute, type Route } from "../http/route.ts";
import { sortedList, sortParameter, type SortedQuery } from "../lists/keyset.ts";
import { pageQuery, pageSchema, type PageQuery } from "../lists/pagination.ts";
import { disputeHistory } from "./history.ts";
import { DISPUTE_SORTS, listDisputes } from "./list.ts";
import { disputeParams, disputeReply, disputeResponse } from "./response.ts";
import { createDispute, findDispute, withEvidence } from "./service.ts";
import { disputeEventView, disputeHistorySchema, disputeSchema, disputeView } from "./view.ts";

const create = writeRoute({
  method: "POST",
  path: "/v1/exceptions/:exceptionId/disputes",
  operationId: "createDispute",
  summary: "Create a dispute, open or as a draft",
  permission: "dispute:write",
  params: Joi.object<{ exceptionId: string }>({ exceptionId: uuid().required() }),
  body: createDisputeRequest,
  responses: { 201: { ...disputeResponse, headers: ["Location", "ETag"] } },
  handler: ({ database, now }, { params, body, by, persist }) =>
    database.transaction(async (tx) => {
      const dispute = await createDispute(tx, params.exceptionId, body, by);
      const reply = disputeReply(dispute, now(), 201);
      const headers = { ...reply.headers, Location: disputePath(dispute.row.id) };
      return persist(tx, { ...reply, headers });
    }),
});

const get = readRoute({
  method: "GET",
  path: "/v1/disputes/:disputeId",
  operationId: "getDispute",
  summary: "Get a dispute with its evidence",
  permission: "dispute:read",
  params: disputeParams,
  responses: {
    200: disputeResponse,
    304: { description: "The version has not changed", headers: ["ETag"] },
  },
  handler: async ({ database, now }, { params, headers }) => {
    const row = await findDispute(database.prisma, params.disputeId);
    const etag = etagOf(row.version);
    if (isKnown(headers["if-none-match"], etag)) return { status: 304, headers: { ETag: etag } };
    return disputeReply(await withEvidence(database.prisma, row), now());
  },
});

const history = readRoute({
  method: "GET",
  path: "/v1/disputes/:disputeId/history",
  operationId: "getDisputeHistory",
  summary: "Get the history of a dispute, oldest first",
  permission: "dispute:read",
  params: disputeParams,
  query: Joi.object<PageQuery>(pageQuery),
  responses: { 200: { description: "A page of events", body: disputeHistorySchema } },
  handler: async ({ database }, { params: { disputeId }, query }) => {
    const body = await disputeHistory(database.prisma, disputeId, query, disputeEventView);
    return { status: 200, body };
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
  handler: async ({ database, now }, { query }) => {
    const at = now();
    const body = await sortedList(
      { name: "disputes", keys: DISPUTE_SORTS },
      query,
      (filters, window) => listDisputes(database.prisma, filters, window, at),
      (dispute) => disputeView(dispute, at),
    );
    return { status: 200, body };
  },
});

export const disputeRoutes: readonly Route[] = [create, list, get, history];
