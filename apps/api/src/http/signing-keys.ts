import { createPublicKey, type KeyObject } from "node:crypto";
import { JwksClient } from "jwks-rsa";
import { outOfReach } from "./translate-error.ts";

/** Finds the public key of a token. Undefined: nobody published one by that name. */
export type SigningKeys = (kid: string | undefined) => Promise<KeyObject | undefined>;

const FRESH_MS = 10 * 60_000;
/** How long keys are still trusted while their publisher is away. */
const STALE_MS = 60 * 60_000;
/** Unknown key names come for free: they make us ask again this often at the most. */
const COOLDOWN_MS = 10_000;
const TIMEOUT_MS = 5_000;

/**
 * The keys published at `jwksUri`, fetched when first needed and kept.
 *
 * jwks-rsa reads and checks them; its own cache is keyed by what a token says, so that tokens with made-up names
 * could use up its allowance of fetches and lock out the true ones. Here the whole set is kept.
 */
export function createSigningKeys(jwksUri: string, now: () => number = Date.now): SigningKeys {
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
  };
  const refresh = (): Promise<void> =>
    (running ??= fetchKeys().finally(() => (running = undefined)));

  const find = (kid: string | undefined): KeyObject | undefined => {
    // A token without a key's name means the only key there is.
    if (kid === undefined && keys?.size === 1) return [...keys.values()][0];
    return keys?.get(kid);
  };

  return async (kid) => {
    const age = now() - fetchedAt;
    const due = age > FRESH_MS || find(kid) === undefined;
    if (due && (running !== undefined || now() - triedAt > COOLDOWN_MS)) {
      await refresh().catch((error: unknown) => {
        if (now() - fetchedAt > STALE_MS) throw outOfReach("publisher of the signing keys", error);
      });
    }
    if (now() - fetchedAt > STALE_MS) throw outOfReach("publisher of the signing keys");
    return find(kid);
  };
}
