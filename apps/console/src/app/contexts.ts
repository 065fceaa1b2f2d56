import type { Context } from "@docket/client";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useRoute } from "wouter";

import { useDocket } from "../query/docket-context.tsx";
import { listKey } from "../query/keys.ts";
import { useAllowed } from "../session/session-context.tsx";
import { setPreferences, usePreferences } from "../ui/preferences.ts";

/** The most contexts that the switcher offers. */
const MOST = 200;

/** The contexts of the tenant, newest first. */
export function useContexts() {
  const docket = useDocket();
  const isEnabled = useAllowed("context:read");
  return useQuery<readonly Context[]>({
    queryKey: listKey("contexts", {}),
    queryFn: async ({ signal }) =>
      isEnabled ? (await docket.contexts.list({ limit: MOST }, { signal }).page()).items : [],
    staleTime: 60_000,
  });
}

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
  return data.some(({ id }) => id === remembered) ? remembered : data[0]?.id;
}
