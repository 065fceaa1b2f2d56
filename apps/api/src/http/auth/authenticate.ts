import { createSecretKey } from "node:crypto";
import { DocketError } from "@docket/domain";
import type { Request, Response } from "express";
import { expressjwt, type GetVerificationKey, type Params } from "express-jwt";
import type { TokenConfig } from "../../config.ts";
import { principalOf, type Principal, type TokenClaims } from "./principal.ts";
import { createSigningKeys, type SigningKeysOptions } from "./signing-keys.ts";
import { createTokenCache } from "./token-cache.ts";

/** Identifies the principal of a request. @throws DocketError `unauthorized`, `tenant_required`. */
export type Authenticate = (request: Request, response: Response) => Promise<Principal>;

/**
 * Verifies bearer tokens (docs/api.md §1, "Keys").
 *
 * The kind of key decides which algorithms are allowed, never the token: a token that names HS256 cannot use a public key as
 * a secret, and `none` is never allowed.
 */
export function createAuthenticate(
  config: TokenConfig,
  now: () => number = Date.now,
): Authenticate {
  const cache = createTokenCache(now);
  const check = expressjwt({
    ...verification(config, { now, onFetched: cache.clear }),
    ...(config.issuer !== undefined && { issuer: config.issuer }),
    ...(config.audience !== undefined && { audience: config.audience }),
  });
  const verify = async (request: Request, response: Response): Promise<Principal> => {
    await new Promise<void>((resolve, reject) => {
      void check(request, response, (error?: unknown) =>
        error === undefined ? resolve() : reject(error),
      );
    });
    const { auth } = request as Request & { auth?: unknown };
    if (typeof auth !== "object" || auth === null) {
      throw new DocketError("unauthorized", "The token must contain claims.");
    }
    return principalOf(auth as TokenClaims);
  };
  return (request, response) =>
    cache.find(request.headers.authorization ?? "", () => verify(request, response));
}

function verification(
  { keys }: TokenConfig,
  keyOptions: SigningKeysOptions,
): Pick<Params, "secret" | "algorithms"> {
  if ("secret" in keys) {
    return { secret: createSecretKey(Buffer.from(keys.secret)), algorithms: ["HS256"] };
  }
  const findKey = createSigningKeys(keys.jwksUri, keyOptions);
  const secret: GetVerificationKey = async (_request, token) => {
    const key = await findKey(token?.header.kid);
    if (key === undefined) {
      throw new DocketError("unauthorized", "The token is signed with an unknown key.");
    }
    return key;
  };
  return { secret, algorithms: ["RS256", "ES256"] };
}
