import { hash } from "node:crypto";
import type { Principal } from "./principal.ts";

export type TokenCache = {
  /** The principal of a header `Authorization`: from the cache, or from `verify`, whose errors are not cached. */
  readonly find: (authorization: string, verify: () => Promise<Principal>) => Promise<Principal>;
  /** Forgets every token. Tokens that are being verified are not cached either. */
  readonly clear: () => void;
};

/** How long a token is accepted after its key was withdrawn from a cached set of keys (docs/security.md). */
const MAX_AGE_MS = 60_000;
const MAX_TOKENS = 1_000;

/** Remembers verified tokens for up to 60 s, and never past their expiry. Holds hashes, so that no dump of the memory shows a token. */
export function createTokenCache(now: () => number = Date.now): TokenCache {
  type Entry = { readonly principal: Principal; readonly until: number };
  let entries = new Map<string, Entry>();
  return {
    find: async (authorization, verify) => {
      const key = hash("sha256", authorization, "base64");
      const known = entries.get(key);
      if (known !== undefined && now() < known.until) return known.principal;
      // Taken before the keys are read: after `clear`, this map is no longer in use.
      const current = entries;
      const principal = await verify();
      current.delete(key);
      // A Map is in the order of insertion, so this is the oldest one.
      if (current.size >= MAX_TOKENS) current.delete(current.keys().next().value!);
      current.set(key, {
        principal,
        until: Math.min(now() + MAX_AGE_MS, principal.expiresAt * 1_000),
      });
      return principal;
    },
    clear: () => {
      entries = new Map();
    },
  };
}
