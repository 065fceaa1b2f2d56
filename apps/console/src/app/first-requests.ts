import type { Context } from "@docket/client";

import { OVERVIEW_STATE, periodOf } from "../overview/filters.ts";
import { summaryQuery } from "../overview/queries.ts";
import type { Clients } from "../query/clients.ts";
import { isAllowed, type Claims } from "../session/claims.ts";
import { todayIn } from "../ui/periods.ts";
import { preferences } from "../ui/preferences.ts";
import { contextsQuery, preferredContext } from "./contexts.ts";
import { readState } from "./query-string.ts";

type Place = { readonly pathname: string; readonly search: string };

/**
 * Starts the first requests of the shell and of the overview while React renders them. Their components find the requests in the
 * cache and do not send them again.
 */
export function startFirstRequests(clients: Clients, claims: Claims, place: Place): void {
  if (!isAllowed(claims, "context:read")) return;
  const contexts = clients.queryClient.fetchQuery(contextsQuery(clients.docket, true));
  // The screen reports the failure when it is shown.
  Promise.all([contexts, startSummary(clients, contexts, place)]).catch(() => undefined);
}

async function startSummary(
  { docket, queryClient }: Clients,
  contexts: Promise<readonly Context[]>,
  { pathname, search }: Place,
): Promise<void> {
  const contextId = contextAt(pathname) ?? (pathname === "/" ? await preferred(contexts) : "");
  if (contextId === "") return;
  const period = periodOf(readState(OVERVIEW_STATE, search), todayIn("UTC"));
  await queryClient.prefetchQuery(summaryQuery(docket, contextId, period));
}

/** The context whose overview is at this path. */
const contextAt = (pathname: string): string | undefined =>
  /^\/contexts\/([^/]+)\/overview$/.exec(pathname)?.[1];

/** The context that `/` goes to. The one that was open last almost always exists, so it does not wait for the list. */
async function preferred(contexts: Promise<readonly Context[]>): Promise<string> {
  const { contextId } = preferences();
  return contextId === "" ? (preferredContext(await contexts, "")?.id ?? "") : contextId;
}
