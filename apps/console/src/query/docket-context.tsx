import { createDocket, isDocketError, type Docket } from "@docket/client";
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createContext, useContext, useState, type ReactNode } from "react";

import { useSessionStore } from "../session/session-context.tsx";
import type { SessionStore } from "../session/session.ts";

const DocketContext = createContext<Docket | undefined>(undefined);

/** How long an answer is good enough for a screen that opens anew. */
const STALE_MS = 5_000;

/** Gives the screens the client of the API, and the cache of its answers. */
export function DocketProvider({ children }: { readonly children: ReactNode }) {
  const store = useSessionStore();
  const [docket] = useState(() =>
    createDocket({ baseUrl: window.location.origin, token: store.token, maxRetries: 2 }),
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

function createQueryClient(store: SessionStore): QueryClient {
  const onError = (error: unknown): void => {
    if (isDocketError(error, "unauthorized")) store.expire();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      // The client repeats what may succeed later.
      queries: { retry: false, staleTime: STALE_MS },
      mutations: { retry: false },
    },
  });
}
