import type { Docket } from "@docket/client";
import { QueryClientProvider } from "@tanstack/react-query";
import { createContext, useContext, useState, type ReactNode } from "react";

import { useSession, useSessionStore } from "../session/session-context.tsx";
import { personIn } from "../session/session.ts";
import { createClients, type Clients } from "./clients.ts";

const DocketContext = createContext<Docket | undefined>(undefined);

type Props = {
  /** Those of the person who is signed in at first: their requests may be under way. */
  readonly first: Clients;
  readonly children: ReactNode;
};

/** Gives the screens the client of the API, and the cache of its answers. */
export function DocketProvider(props: Props) {
  const person = personIn(useSession());
  // The key discards what a user has read and typed when another user signs in.
  return <PersonProvider key={person} person={person} {...props} />;
}

function PersonProvider({ person, first, children }: Props & { readonly person: string }) {
  const store = useSessionStore();
  const [{ docket, queryClient }] = useState(() =>
    first.person === person && !first.signal.aborted ? first : createClients(store, person),
  );
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
