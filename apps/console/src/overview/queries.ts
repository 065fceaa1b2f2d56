import type { Docket } from "@docket/client";
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";

import { ACTIVE_STATES } from "../disputes/words.ts";
import { OPEN_STATUSES } from "../exceptions/words.ts";
import { useDocket } from "../query/docket-context.tsx";
import { itemKey, listKey } from "../query/keys.ts";
import type { Period } from "../ui/periods.ts";

const REFRESH_MS = 30_000;
/** How many of what is due the overview lists. */
const MOST = 6;

export const summaryQuery = (docket: Docket, contextId: string, period: Period) =>
  queryOptions({
    queryKey: itemKey("summary", contextId, period.dateFrom, period.dateTo),
    queryFn: ({ signal }) => docket.contexts.summary(contextId, period, { signal }),
  });

export const useSummary = (contextId: string, period: Period) =>
  useQuery({
    ...summaryQuery(useDocket(), contextId, period),
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  });

/** Disputes whose answer becomes due before `before`, the most urgent first. */
export function useDueDisputes(contextId: string, before: string, enabled: boolean) {
  const docket = useDocket();
  const query = {
    contextId,
    state: ACTIVE_STATES,
    respondBefore: before,
    overdue: false,
    sort: "respondBy",
    limit: MOST,
  };
  return useQuery({
    queryKey: listKey("disputes", query),
    queryFn: async ({ signal }) => (await docket.disputes.list(query, { signal }).page()).items,
    enabled,
    refetchInterval: REFRESH_MS,
  });
}

/** Exceptions that become due before `before`, the most urgent first. */
export function useDueExceptions(contextId: string, before: string, enabled: boolean) {
  const docket = useDocket();
  const query = {
    contextId,
    status: OPEN_STATUSES,
    dueBefore: before,
    overdue: false,
    sort: "dueAt",
    limit: MOST,
  };
  return useQuery({
    queryKey: listKey("exceptions", query),
    queryFn: async ({ signal }) => (await docket.exceptions.list(query, { signal }).page()).items,
    enabled,
    refetchInterval: REFRESH_MS,
  });
}
