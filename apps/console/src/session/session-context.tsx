import { createContext, useContext, useSyncExternalStore, type ReactNode } from "react";

import { isAllowed, type Claims } from "./claims.ts";
import type { Permission } from "./permissions.ts";
import type { Session, SessionStore } from "./session.ts";

const StoreContext = createContext<SessionStore | undefined>(undefined);

export function SessionProvider({
  store,
  children,
}: {
  readonly store: SessionStore;
  readonly children: ReactNode;
}) {
  return <StoreContext value={store}>{children}</StoreContext>;
}

export function useSessionStore(): SessionStore {
  const store = useContext(StoreContext);
  if (store === undefined) throw new Error("There is no SessionProvider.");
  return store;
}

export function useSession(): Session {
  const store = useSessionStore();
  return useSyncExternalStore(store.subscribe, store.get);
}

const NOBODY: Claims = { subject: "", tenantId: "", permissions: new Set(), expiresAt: 0 };

/** The claims of the person who is signed in. */
export function useClaims(): Claims {
  const session = useSession();
  return session.state === "active" ? session.claims : NOBODY;
}

/** Whether to show what needs this permission. */
export const useAllowed = (permission: Permission): boolean => isAllowed(useClaims(), permission);
