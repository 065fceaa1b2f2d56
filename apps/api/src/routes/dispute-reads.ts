import {
  day,
  DISPUTE_CATEGORIES,
  DISPUTE_STATES,
  DocketError,
  oneOf,
  text,
  uuid,
} from "@docket/domain";
import Joi from "joi";
import { defineRoute, type Route } from "../http/route.ts";
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
  DISPUTE_SORTS,
  listDisputes,
  positionOf,
  type DisputeFilters,
  type DisputeOrder,
  type DisputeSort,
} from "../services/dispute-list.ts";
import { disputeHistory, findDispute, withEvidence } from "../services/disputes.ts";
import { etagOf, isKnown } from "../services/etag.ts";
import {
  disputeEventView,
  disputeHistorySchema,
  disputeSchema,
  disputeView,
} from "../views/dispute.ts";
import { disputeAnswer, disputeParams, disputeReply } from "./disputes.ts";

const get = defineRoute({
  method: "GET",
  path: "/v1/disputes/:disputeId",
  operationId: "getDispute",
  summary: "A dispute with its evidence",
  permission: "dispute:read",
  params: disputeParams,
  answers: {
    200: disputeAnswer,
    304: { description: "The caller has this version already", headers: ["ETag"] },
  },
  handler: async ({ database }, { params, raw }) => {
    const row = await findDispute(database.prisma, params.disputeId);
    const etag = etagOf(row.version);
    if (isKnown(raw.headers["if-none-match"], etag))
      return { status: 304, headers: { ETag: etag } };
    return disputeReply(await withEvidence(database.prisma, row));
  },
});

const history = defineRoute({
  method: "GET",
  path: "/v1/disputes/:disputeId/history",
  operationId: "getDisputeHistory",
  summary: "All that happened to a dispute, oldest first",
  permission: "dispute:read",
  params: disputeParams,
  answers: { 200: { description: "The events", body: disputeHistorySchema } },
  handler: async ({ database }, { params }) => {
    const rows = await disputeHistory(database.prisma, params.disputeId);
    return { status: 200, body: { items: rows.map(disputeEventView) } };
  },
});

type ListQuery = DisputeFilters & PageQuery & { readonly sort: string };

const many = (values: readonly string[]): Joi.ArraySchema =>
  Joi.array().items(oneOf(values)).single();

const SORTS = DISPUTE_SORTS.flatMap((name) => [name, `-${name}`]);

const listQuery = Joi.object<ListQuery>({
  ...pageQuery,
  state: many(DISPUTE_STATES),
  category: many(DISPUTE_CATEGORIES),
  dateFrom: day(),
  dateTo: day(),
  exceptionId: uuid(),
  contextId: uuid(),
  openedBy: text(255),
  sort: Joi.string()
    .valid(...SORTS)
    .default("-createdAt")
    .messages({ "any.only": `{#label} must be one of ${SORTS.join(", ")}` }),
});

const list = defineRoute({
  method: "GET",
  path: "/v1/disputes",
  operationId: "listDisputes",
  summary: "List disputes",
  permission: "dispute:read",
  query: listQuery,
  answers: {
    200: { description: "A page of disputes", body: pageSchema("DisputeList", disputeSchema) },
  },
  handler: async ({ database }, { query }) => {
    const { limit, cursor, sort, ...given } = query;
    const filters = canonical(given);
    const order = orderOf(sort);
    const binding: Binding = { list: "disputes", sort, ...filters };
    const after = cursor === undefined ? {} : { after: decodeCursor(binding, cursor) };
    const rows = await listDisputes(database.prisma, filters, order, { limit, ...after });
    const cursorAfter = (row: (typeof rows)[number]): string =>
      encodeCursor(binding, positionOf(row, order));
    return { status: 200, body: pageOf(rows, limit, disputeView, cursorAfter) };
  },
});

const orderOf = (sort: string): DisputeOrder => ({
  by: sort.replace(/^-/, "") as DisputeSort,
  descending: sort.startsWith("-"),
});

/**
 * The same filters always in the same words, so that a cursor fits them however they were written.
 *
 * @throws DocketError `bad_request` when the range of days is reversed.
 */
function canonical(filters: DisputeFilters): DisputeFilters {
  const { state, category, dateFrom, dateTo } = filters;
  if (dateFrom !== undefined && dateTo !== undefined && dateFrom > dateTo) {
    const detail = `dateFrom (${dateFrom}) must not be after dateTo (${dateTo})`;
    throw new DocketError("bad_request", `${detail}.`, { errors: [{ field: "dateFrom", detail }] });
  }
  return {
    ...filters,
    ...(state !== undefined && { state: [...new Set(state)].toSorted() }),
    ...(category !== undefined && { category: [...new Set(category)].toSorted() }),
  };
}

export const disputeReadRoutes: readonly Route[] = [list, get, history];
