import { createDocket, isDocketError, type Docket } from "@docket/client";
import { onlineManager, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createContext, useContext, useState, type ReactNode } from "react";

import { personSignal } from "../session/person.ts";
import { useSession, useSessionStore } from "../session/session-context.tsx";
import { personIn, type SessionStore } from "../session/session.ts";

const DocketContext = createContext<Docket | undefined>(undefined);

/** How long an answer is good enough for a screen that opens anew. */
const STALE_MS = 5_000;

/** Limits the retries of a query whose token the API has refused. */
const MOST_REFUSALS = 3;

/** Gives the screens the client of the API, and the cache of its answers. */
export function DocketProvider({ children }: { readonly children: ReactNode }) {
  const person = personIn(useSession());
  // The key discards what a user has read and typed when another user signs in.
  return (
    <PersonProvider key={person} person={person}>
      {children}
    </PersonProvider>
  );
}

function PersonProvider({
  person,
  children,
}: {
  readonly person: string;
  readonly children: ReactNode;
}) {
  const store = useSessionStore();
  const [docket] = useState(() =>
    createDocket({
      baseUrl: window.location.origin,
      token: () => store.tokenOf(person),
      fetch: createFetch(store),
      signal: personSignal(),
      maxRetries: 2,
    }),
  );
  const [queryClient] = useState(() => createQueryClient(store));
  return (
    <DocketContext value={docket}>
      <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
    </DocketContext>
  );
}

export function useDocket(): Docket {
  const docket = useContext(DocketContext);
  if (docket === undefined) throw new Error("There is no DocketProvider.");
  return docket;
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
