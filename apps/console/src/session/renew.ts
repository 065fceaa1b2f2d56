import { readClaims } from "./claims.ts";
import { LONGEST_TIMER_MS, personIn, type SessionStore } from "./session.ts";

export type Tokens = { readonly token: string; readonly refreshToken?: string | undefined };

const BEFORE_END_MS = 60_000;
const SHORTEST_MS = 5_000;

/**
 * Signs in with these tokens, and renews them a minute before they expire, until the session ends. When the provider
 * refuses, the session expires.
 */
export async function signInAndRenew(
  store: SessionStore,
  first: Tokens,
  renew: (refreshToken: string) => Promise<Tokens>,
): Promise<void> {
  let { token, refreshToken } = first;
  for (;;) {
    store.signIn(token);
    const person = personIn(store.get());
    if (person === "" || refreshToken === undefined) return;
    await pause(renewalTime(token));
    if (personIn(store.get()) !== person) return;
    ({ token, refreshToken = refreshToken } = await renew(refreshToken));
    if (personIn(store.get()) !== person) return;
  }
}

function renewalTime(token: string): number {
  const remaining = (readClaims(token)?.expiresAt ?? 0) - Date.now();
  const wait = Math.max(remaining - BEFORE_END_MS, remaining / 2, SHORTEST_MS);
  return Math.min(wait, LONGEST_TIMER_MS);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
