import type { Context, Docket } from "@docket/client";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useRoute } from "wouter";

import { useDocket } from "../query/docket-context.tsx";
import { listKey } from "../query/keys.ts";
import { useAllowed } from "../session/session-context.tsx";
import { setPreferences, usePreferences } from "../ui/preferences.ts";

/** The most contexts that the switcher offers. */
const MOST = 200;

export const contextsQuery = (docket: Docket, isEnabled: boolean) =>
  queryOptions<readonly Context[]>({
    queryKey: listKey("contexts", {}),
    queryFn: async ({ signal }) =>
      isEnabled ? (await docket.contexts.list({ limit: MOST }, { signal }).page()).items : [],
    staleTime: 60_000,
  });

/** The contexts of the tenant, newest first. */
export const useContexts = () => useQuery(contextsQuery(useDocket(), useAllowed("context:read")));

/** The context that was open last, if it still exists, else the newest. */
export const preferredContext = (
  contexts: readonly Context[],
  remembered: string,
): Context | undefined => contexts.find(({ id }) => id === remembered) ?? contexts[0];

/** The context in the URL, else the one that was open last; undefined before there is one. */
export function useContextId(): string | undefined {
  const [, parameters] = useRoute("/contexts/:contextId/*?");
  const { contextId: remembered } = usePreferences();
  const { data = [] } = useContexts();
  const inUrl = parameters?.contextId;
  useEffect(() => {
    if (inUrl !== undefined && inUrl !== remembered) setPreferences({ contextId: inUrl });
  }, [inUrl, remembered]);
  if (inUrl !== undefined) return inUrl;
  return preferredContext(data, remembered)?.id;
}
