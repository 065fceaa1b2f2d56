import type { ListTransactionsParams } from "@docket/client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { useDocket } from "../query/docket-context.tsx";
import { listKey } from "../query/keys.ts";

/** For tokens that may not read the stream of events. */
const REFETCH_MS = 60_000;
const PAGE_SIZE = 100;

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
