import { transactionFilters, type TransactionFilters } from "@docket/domain";
import Joi from "joi";
import { contextParams } from "../contexts/routes.ts";
import { readRoute, type Route } from "../http/route.ts";
import { sortedList } from "../lists/keyset.ts";
import { pageQuery, pageSchema, type PageQuery } from "../lists/pagination.ts";
import { listTransactions, TRANSACTION_SORTS } from "./list.ts";
import { transactionSchema, transactionView } from "./view.ts";

const list = readRoute({
  method: "GET",
  path: "/v1/contexts/:contextId/transactions",
  operationId: "listTransactions",
  summary: "List a context's transactions, newest date first",
  permission: "exception:read",
  params: contextParams,
  query: Joi.object<TransactionFilters & PageQuery>({ ...pageQuery, ...transactionFilters }),
  responses: {
    200: {
      description: "A page of transactions",
      body: pageSchema("TransactionList", transactionSchema),
    },
  },
  handler: async ({ database }, { params: { contextId }, query }) => {
    const body = await sortedList(
      { name: "transactions", path: contextId, keys: TRANSACTION_SORTS },
      { ...query, sort: "-date" },
      (filters, window) => listTransactions(database.prisma, contextId, filters, window),
      transactionView,
    );
    return { status: 200, body };
  },
});

export const transactionRoutes: readonly Route[] = [list];
