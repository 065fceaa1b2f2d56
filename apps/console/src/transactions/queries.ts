import type { ListTransactionsParams } from "@docket/client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { useDocket } from "../query/docket-context.tsx";
import { itemKey, listKey } from "../query/keys.ts";

/** For tokens that may not read the stream of events. */
const REFETCH_MS = 60_000;
const PAGE_SIZE = 100;
/** Sources of a context that may use the same reference. */
const MOST_SAME = 200;

/** One page of the transactions of a context, newest date first. */
export function useTransactions(contextId: string, query: ListTransactionsParams) {
  const docket = useDocket();
  return useQuery({
    queryKey: listKey("transactions", { contextId, ...query }),
    queryFn: ({ signal }) =>
      docket.transactions.list(contextId, { limit: PAGE_SIZE, ...query }, { signal }).page(),
    placeholderData: keepPreviousData,
    refetchInterval: REFETCH_MS,
  });
}

/** A transaction found by its reference; null if there is none. Without a reference, nothing is requested. */
export function useTransaction(
  contextId: string,
  transactionId: string,
  externalId: string | undefined,
) {
  const docket = useDocket();
  return useQuery({
    queryKey: itemKey("transactions", transactionId, externalId ?? ""),
    queryFn: async ({ signal }) => {
      const query = { limit: MOST_SAME, ...(externalId !== undefined && { externalId }) };
      const { items } = await docket.transactions.list(contextId, query, { signal }).page();
      return items.find(({ id }) => id === transactionId) ?? null;
    },
    enabled: externalId !== undefined,
  });
}
