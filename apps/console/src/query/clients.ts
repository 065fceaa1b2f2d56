import { createDocket, isDocketError, type Docket } from "@docket/client";
import { onlineManager, QueryClient } from "@tanstack/react-query";

import { personSignal } from "../session/person.ts";
import type { SessionStore } from "../session/session.ts";

/** How long an answer is good enough for a screen that opens anew. */
const STALE_MS = 5_000;

/** Limits the retries of a query whose token the API has refused. */
const MOST_REFUSALS = 3;

/** The client of the API for one person, and the cache of its answers. */
export type Clients = {
  readonly person: string;
  readonly docket: Docket;
  readonly queryClient: QueryClient;
  /** Aborts when the person signs out. The clients are then of no use any more. */
  readonly signal: AbortSignal;
};

export function createClients(store: SessionStore, person: string): Clients {
  const signal = personSignal();
  const docket = createDocket({
    baseUrl: window.location.origin,
    token: () => store.tokenOf(person),
    fetch: createFetch(store),
    signal,
    maxRetries: 2,
  });
  return { person, docket, queryClient: createQueryClient(store), signal };
}

/**
 * Queries wait while the token has expired, and go on with the next one. `onlineManager` is what TanStack Query has for this. It
 * does not follow the network: the client reports that there is none, and a local stack works without.
 */
export function pauseQueriesWithoutSession(store: SessionStore): void {
  onlineManager.setEventListener((setOnline) => {
    const tell = (): void => setOnline(store.get().state === "active");
    tell();
    return store.subscribe(tell);
  });
}

/** Ends the session when the API refuses its token. */
const createFetch =
  (store: SessionStore): typeof fetch =>
  async (url, init) => {
    const response = await fetch(url, init);
    if (response.status === 401) {
      const header = new Headers(init?.headers).get("authorization") ?? "";
      store.expire(header.replace(/^Bearer /, ""));
    }
    return response;
  };

function createQueryClient(store: SessionStore): QueryClient {
  const isForToken = (error: unknown): boolean =>
    isDocketError(error, "unauthorized") || store.get().state !== "active";
  return new QueryClient({
    defaultOptions: {
      // The client repeats what may succeed later.
      queries: {
        networkMode: "online",
        retry: (failures, error) => failures < MOST_REFUSALS && isForToken(error),
        staleTime: STALE_MS,
      },
      // A change is sent immediately or fails: a delayed one could take effect long after the user gave up.
      mutations: { networkMode: "always", retry: false },
    },
  });
}
