import type { CreateExportJobRequest, ExportJob, ListExportJobsParams } from "@docket/client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { useDocket } from "../query/docket-context.tsx";
import { itemKey, listKey, RESOURCES } from "../query/keys.ts";
import { useSubmit } from "../query/submit.ts";
import { toastError } from "../ui/toast-error.ts";
import { watchExport } from "./watched.ts";
import { isUnfinished } from "./words.ts";

/** The stream of events brings changes at once. Polling is for tokens that may not read it. */
const RUNNING_MS = 3_000;
const IDLE_MS = 60_000;
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
  return useSubmit({
    send: (jobId: string, options) => docket.exportJobs.cancel(jobId, options),
    onError: (error) => toastError("The export was not canceled", error),
    refresh: (queryClient) => queryClient.invalidateQueries({ queryKey: [RESOURCES.exports] }),
  });
}

/** Counts the rows of an order. Nothing is ordered. */
export function useEstimate(
  contextId: string,
  request: CreateExportJobRequest,
  isEnabled: boolean,
) {
  const docket = useDocket();
  return useQuery({
    // Not under the key of the exports, which every event of an export invalidates.
    queryKey: ["export-estimates", contextId, request],
    queryFn: ({ signal }) => docket.exportJobs.estimate(contextId, request, { signal }),
    enabled: isEnabled,
    staleTime: 30_000,
  });
}

/** The columns of a report, in file order; none until they are known. */
export function useReportColumns(contextId: string, reportType: string): readonly string[] {
  const docket = useDocket();
  // The days have no influence on the columns: one day is counted at once.
  const request = { reportType, format: "CSV", dateFrom: "2000-01-01", dateTo: "2000-01-01" };
  const { data } = useQuery({
    queryKey: ["export-columns", reportType],
    queryFn: ({ signal }) => docket.exportJobs.estimate(contextId, request, { signal }),
    staleTime: Infinity,
  });
  return data?.columns ?? [];
}

/** Orders an export, and watches it until it has ended. */
export function useOrderExport(contextId: string) {
  const docket = useDocket();
  return useSubmit({
    send: (request: CreateExportJobRequest, options) =>
      docket.exportJobs.create(contextId, request, options),
    onSuccess: ({ jobId }) => watchExport(jobId),
    refresh: (queryClient) =>
      queryClient.invalidateQueries({ queryKey: [RESOURCES.exports, "list"] }),
  });
}
