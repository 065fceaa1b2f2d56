import type { CreateContextRequest, CreateSourceRequest } from "@docket/client";
import { useQuery } from "@tanstack/react-query";

import { useDocket } from "../query/docket-context.tsx";
import { itemKey, listKey, RESOURCES } from "../query/keys.ts";
import { useSubmit } from "../query/submit.ts";
import { useAllowed } from "../session/session-context.tsx";

const PAGE_SIZE = 50;
/** The most sources that are shown of a context. */
const MOST_SOURCES = 200;

/** One page of the contexts, newest first. */
export function useContextPage(cursor: string | undefined) {
  const docket = useDocket();
  const query = { limit: PAGE_SIZE, ...(cursor !== undefined && { cursor }) };
  return useQuery({
    queryKey: listKey("contexts", query),
    queryFn: ({ signal }) => docket.contexts.list(query, { signal }).page(),
  });
}

/** A context with the counts of its records. */
export function useContextDetails(contextId: string) {
  const docket = useDocket();
  return useQuery({
    queryKey: itemKey("contexts", contextId),
    queryFn: ({ signal }) => docket.contexts.get(contextId, { signal }),
  });
}

/** The sources of a context, and the side of each. */
export function useSources(contextId: string) {
  const docket = useDocket();
  const isEnabled = useAllowed("context:read");
  return useQuery({
    queryKey: listKey("sources", { contextId }),
    queryFn: async ({ signal }) =>
      (await docket.sources.list(contextId, { limit: MOST_SOURCES }, { signal }).page()).items,
    enabled: isEnabled,
    staleTime: 60_000,
  });
}

export function useCreateContext() {
  const docket = useDocket();
  return useSubmit({
    send: (request: CreateContextRequest, options) => docket.contexts.create(request, options),
    refresh: (queryClient) => queryClient.invalidateQueries({ queryKey: [RESOURCES.contexts] }),
  });
}

export function useCreateSource(contextId: string) {
  const docket = useDocket();
  return useSubmit({
    send: (request: CreateSourceRequest, options) =>
      docket.sources.create(contextId, request, options),
    refresh: (queryClient) => queryClient.invalidateQueries({ queryKey: [RESOURCES.sources] }),
  });
}
