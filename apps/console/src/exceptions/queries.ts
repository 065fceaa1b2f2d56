import type { Docket, Exception, ExceptionEvent, ListExceptionsParams } from "@docket/client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { refreshCases } from "../cases/use-change.ts";
import { all } from "../query/all.ts";
import { useDocket } from "../query/docket-context.tsx";
import { itemKey, listKey } from "../query/keys.ts";
import { useSubmit } from "../query/submit.ts";
import { toastError } from "../ui/toast-error.ts";

const REFETCH_MS = 15_000;
/** As many as a bulk action takes. */
const PAGE_SIZE = 100;

/** One page of exceptions. */
export function useExceptions(query: ListExceptionsParams) {
  const docket = useDocket();
  return useQuery({
    queryKey: listKey("exceptions", query),
    queryFn: ({ signal }) =>
      docket.exceptions.list({ limit: PAGE_SIZE, ...query }, { signal }).page(),
    placeholderData: keepPreviousData,
    refetchInterval: REFETCH_MS,
  });
}

export function useException(exceptionId: string) {
  const docket = useDocket();
  return useQuery({
    queryKey: itemKey("exceptions", exceptionId),
    queryFn: ({ signal }) => docket.exceptions.get(exceptionId, { signal }),
    refetchInterval: REFETCH_MS,
  });
}

/** The whole history of an exception at a version: about 1,000 events at most. */
export function useExceptionHistory({ id, version }: Exception) {
  const docket = useDocket();
  return useQuery({
    queryKey: itemKey("exceptions", id, "history", String(version)),
    queryFn: ({ signal }) => historyOf(docket, id, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** The current version with its history, for a conflict. */
export const loadException = async (docket: Docket, id: string) => {
  const [current, history] = await Promise.all([docket.exceptions.get(id), historyOf(docket, id)]);
  return { current, history };
};

const historyOf = (
  docket: Docket,
  id: string,
  options?: { readonly signal: AbortSignal },
): Promise<readonly ExceptionEvent[]> => all(docket.exceptions.history(id, {}, options));

/** Assigns an exception in one click, unless another user has changed it. */
export function useAssign({ id, version }: Exception) {
  const docket = useDocket();
  return useSubmit({
    send: (assignedTo: string, options) =>
      docket.exceptions.update(id, { assignedTo }, { ...options, ifVersion: version }),
    onError: (error) => toastError("The exception was not assigned", error),
    refresh: refreshCases,
  });
}
