import { personOf, readClaims, type Claims } from "./claims.ts";
import { forgetPerson } from "./person.ts";

/** `signed-out`: there is no token. `expired`: there was one; with its claims if it was valid in this page. */
export type Session =
  | { readonly state: "active"; readonly token: string; readonly claims: Claims }
  | { readonly state: "expired"; readonly claims?: Claims }
  | { readonly state: "signed-out" };

/** The claims of the person whose screens are open, also after the token has expired. */
export const claimsOf = (session: Session): Claims | undefined =>
  session.state === "signed-out" ? undefined : session.claims;

/** The key of the current user; "" if there is none. */
export function personIn(session: Session): string {
  const claims = claimsOf(session);
  return claims === undefined ? "" : personOf(claims);
}

export type SessionStore = ReturnType<typeof createSessionStore>;

const STORAGE_KEY = "docket.token";
/** The longest wait of a timer of a browser. */
export const LONGEST_TIMER_MS = 2_147_483_647;

type TokenStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Holds the token of this tab. Its lifetime is that of the tab: it is never written to localStorage. */
export function createSessionStore(storage: TokenStorage, now: () => number = Date.now) {
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let session: Session = { state: "signed-out" };

  const become = (next: Session): void => {
    const isOther = personIn(next) !== personIn(session);
    session = next;
    if (isOther) forgetPerson();
    for (const listener of listeners) listener();
  };

  const end = (next: Session): void => {
    clearTimeout(timer);
    storage.removeItem(STORAGE_KEY);
    become(next);
  };

  const expire = (token: string): void => {
    if (session.state !== "active" || session.token !== token) return;
    end({ state: "expired", claims: session.claims });
  };

  const signIn = (token: string): void => {
    const claims = readClaims(token);
    const isValid = claims !== undefined && claims.expiresAt > now();
    // What is open stays open: another link may be valid.
    if (!isValid && session.state === "expired") return;
    if (claims === undefined) return end({ state: "signed-out" });
    if (!isValid) return end({ state: "expired" });
    clearTimeout(timer);
    storage.setItem(STORAGE_KEY, token);
    timer = setTimeout(() => expire(token), Math.min(claims.expiresAt - now(), LONGEST_TIMER_MS));
    become({ state: "active", token, claims });
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
    signOut: (): void => end({ state: "signed-out" }),
    /** Ends the session if this is its token, such as when the API refuses it. The answer to a token from before changes nothing. */
    expire,
    /** The token for the calls of this person. @throws Error if they are not signed in, which ends the call */
    tokenOf: (person: string): string => {
      if (session.state === "active" && personIn(session) === person) return session.token;
      throw new Error("There is no session.");
    },
  };
}

/** The token in a fragment such as `#token=…`; undefined if there is none. */
export const tokenInFragment = (hash: string): string | undefined =>
  new URLSearchParams(hash.replace(/^#/, "")).get("token") ?? undefined;
