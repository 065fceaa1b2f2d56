import { readClaims, type Claims } from "./claims.ts";

/** `signed-out`: there is no token. `expired`: there was one. */
export type Session =
  | { readonly state: "active"; readonly token: string; readonly claims: Claims }
  | { readonly state: "signed-out" | "expired" };

export type SessionStore = ReturnType<typeof createSessionStore>;

const STORAGE_KEY = "docket.token";
/** The longest wait of a timer of a browser. */
const LONGEST_TIMER_MS = 2_147_483_647;

type TokenStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Holds the token of this tab. Its lifetime is that of the tab: it is never written to localStorage. */
export function createSessionStore(storage: TokenStorage, now: () => number = Date.now) {
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let session: Session = { state: "signed-out" };

  const become = (next: Session): void => {
    session = next;
    for (const listener of listeners) listener();
  };

  const expire = (): void => {
    clearTimeout(timer);
    storage.removeItem(STORAGE_KEY);
    if (session.state === "active") become({ state: "expired" });
  };

  const signIn = (token: string): void => {
    clearTimeout(timer);
    const claims = readClaims(token);
    if (claims === undefined) return become({ state: "signed-out" });
    if (claims.expiresAt <= now()) {
      storage.removeItem(STORAGE_KEY);
      return become({ state: "expired" });
    }
    storage.setItem(STORAGE_KEY, token);
    timer = setTimeout(expire, Math.min(claims.expiresAt - now(), LONGEST_TIMER_MS));
    become({ state: "active", token, claims });
  };

  const signOut = (): void => {
    clearTimeout(timer);
    storage.removeItem(STORAGE_KEY);
    become({ state: "signed-out" });
  };

  const stored = storage.getItem(STORAGE_KEY);
  if (stored !== null) signIn(stored);

  return {
    get: (): Session => session,
    subscribe: (listener: () => void): (() => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    signIn,
    signOut,
    /** The token of the calls. @throws Error without a session, which ends the call */
    token: (): string => {
      if (session.state !== "active") throw new Error("There is no session.");
      return session.token;
    },
    /** Called when the API refuses the token. */
    expire,
  };
}

/** The token in a fragment such as `#token=…`; undefined if there is none. */
export const tokenInFragment = (hash: string): string | undefined =>
  new URLSearchParams(hash.replace(/^#/, "")).get("token") ?? undefined;
