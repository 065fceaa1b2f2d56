import type { ExportJob, ListExportJobsParams } from "@docket/client";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { useDocket } from "../query/docket-context.tsx";
import { itemKey, listKey, RESOURCES } from "../query/keys.ts";
import { isUnfinished } from "./words.ts";

/** While something runs, its numbers change every second. */
const RUNNING_MS = 1_500;
const IDLE_MS = 15_000;
const PAGE_SIZE = 50;

/** One page of the exports of a context. */
export function useExports(query: ListExportJobsParams & { readonly contextId: string }) {
  const docket = useDocket();
  return useQuery({
    queryKey: listKey("exports", query),
    queryFn: ({ signal }) =>
      docket.exportJobs.list({ limit: PAGE_SIZE, ...query }, { signal }).page(),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) =>
      data?.items.some(({ status }) => isUnfinished(status)) === true ? RUNNING_MS : IDLE_MS,
  });
}

export function useExport(jobId: string, known?: ExportJob) {
  const docket = useDocket();
  return useQuery({
    queryKey: itemKey("exports", jobId),
    queryFn: ({ signal }) => docket.exportJobs.get(jobId, { signal }),
    ...(known !== undefined && { placeholderData: known }),
    refetchInterval: ({ state: { data } }) =>
      data !== undefined && isUnfinished(data.status) ? RUNNING_MS : IDLE_MS,
  });
}

export function useCancelExport() {
  const docket = useDocket();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (jobId: string) => docket.exportJobs.cancel(jobId),
    onSettled: () => queryClient.invalidateQueries({ queryKey: [RESOURCES.exports] }),
  });
}
