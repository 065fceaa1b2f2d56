import type { Dispute, DisputeEvent, Docket, ListDisputesParams } from "@docket/client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { all } from "../query/all.ts";
import { useDocket } from "../query/docket-context.tsx";
import { itemKey, listKey } from "../query/keys.ts";

const REFETCH_MS = 15_000;
const PAGE_SIZE = 50;

/** One page of disputes. */
export function useDisputes(query: ListDisputesParams) {
  const docket = useDocket();
  return useQuery({
    queryKey: listKey("disputes", query),
    queryFn: ({ signal }) =>
      docket.disputes.list({ limit: PAGE_SIZE, ...query }, { signal }).page(),
    placeholderData: keepPreviousData,
    refetchInterval: REFETCH_MS,
  });
}

export function useDispute(disputeId: string) {
  const docket = useDocket();
  return useQuery({
    queryKey: itemKey("disputes", disputeId),
    queryFn: ({ signal }) => docket.disputes.get(disputeId, { signal }),
    refetchInterval: REFETCH_MS,
  });
}

/** The whole history of a dispute at a version: at most 1,000 events. */
export function useDisputeHistory({ id, version }: Dispute) {
  const docket = useDocket();
  return useQuery({
    queryKey: itemKey("disputes", id, "history", String(version)),
    queryFn: ({ signal }) => historyOf(docket, id, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** The current version with its history, for a conflict. */
export const loadDispute = async (docket: Docket, id: string) => {
  const [current, history] = await Promise.all([docket.disputes.get(id), historyOf(docket, id)]);
  return { current, history };
};

const historyOf = (
  docket: Docket,
  id: string,
  options?: { readonly signal: AbortSignal },
): Promise<readonly DisputeEvent[]> => all(docket.disputes.history(id, {}, options));
