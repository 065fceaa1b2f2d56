import { createContext, useContext, useSyncExternalStore, type ReactNode } from "react";

import { isAllowed, type Claims } from "./claims.ts";
import type { Permission } from "./permissions.ts";
import { claimsOf, type Session, type SessionStore } from "./session.ts";
import type { SignIn } from "./sign-in.ts";

const StoreContext = createContext<SessionStore | undefined>(undefined);
const SignInContext = createContext<SignIn>({ kind: "none" });

export function SessionProvider({
  store,
  signIn,
  children,
}: {
  readonly store: SessionStore;
  readonly signIn: SignIn;
  readonly children: ReactNode;
}) {
  return (
    <StoreContext value={store}>
      <SignInContext value={signIn}>{children}</SignInContext>
    </StoreContext>
  );
}

/** How people sign in here. */
export const useSignIn = (): SignIn => useContext(SignInContext);

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

/** The claims of the person whose screens are open. */
export const useClaims = (): Claims => claimsOf(useSession()) ?? NOBODY;

/** Whether to show what needs this permission. */
export const useAllowed = (permission: Permission): boolean => isAllowed(useClaims(), permission);
