import { createPublicKey, type KeyObject } from "node:crypto";
import { JwksClient } from "jwks-rsa";
import { dependencyUnavailable } from "../translate-error.ts";

/** Finds the public key of a token by its key ID; undefined when no such key is published. */
export type SigningKeys = (kid: string | undefined) => Promise<KeyObject | undefined>;

export type SigningKeysOptions = {
  readonly now?: () => number;
  /** Called when a set of keys has replaced the previous one. */
  readonly onFetched?: () => void;
};

const FRESH_MS = 10 * 60_000;
/** How long keys stay trusted while their publisher is unavailable. */
const STALE_MS = 60 * 60_000;
/** Limits how often tokens with unknown key IDs can cause a fetch. */
const COOLDOWN_MS = 10_000;
const TIMEOUT_MS = 5_000;

/**
 * The keys published at `jwksUri`, fetched at the first use and cached.
 *
 * jwks-rsa fetches and parses them. Its own cache is keyed by the key ID that a token names, so that tokens with made-up IDs
 * could exhaust its rate limit and lock out valid ones. This cache holds the whole set.
 */
export function createSigningKeys(
  jwksUri: string,
  { now = Date.now, onFetched = () => undefined }: SigningKeysOptions = {},
): SigningKeys {
  const client = new JwksClient({ jwksUri, cache: false, timeout: TIMEOUT_MS });
  let keys: ReadonlyMap<string | undefined, KeyObject> | undefined;
  let fetchedAt = -Infinity;
  let triedAt = -Infinity;
  let running: Promise<void> | undefined;

  const fetchKeys = async (): Promise<void> => {
    triedAt = now();
    const found = await client.getSigningKeys();
    keys = new Map(
      found.map((each) => [each.kid as string | undefined, createPublicKey(each.getPublicKey())]),
    );
    fetchedAt = now();
    onFetched();
  };
  const refresh = (): Promise<void> =>
    (running ??= fetchKeys().finally(() => (running = undefined)));

  const find = (kid: string | undefined): KeyObject | undefined => {
    // A token without a key ID is accepted when there is only one key.
    if (kid === undefined && keys?.size === 1) return [...keys.values()][0];
    return keys?.get(kid);
  };

  return async (kid) => {
    const age = now() - fetchedAt;
    const due = age > FRESH_MS || find(kid) === undefined;
    if (due && (running !== undefined || now() - triedAt > COOLDOWN_MS)) {
      await refresh().catch((error: unknown) => {
        if (now() - fetchedAt > STALE_MS)
          throw dependencyUnavailable("publisher of the signing keys", error);
      });
    }
    if (now() - fetchedAt > STALE_MS) throw dependencyUnavailable("publisher of the signing keys");
    return find(kid);
  };
}
