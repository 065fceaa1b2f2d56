import { createSecretKey } from "node:crypto";
import { DocketError } from "@docket/domain";
import type { Request, Response } from "express";
import { expressjwt, type GetVerificationKey, type Params } from "express-jwt";
import type { TokenConfig } from "../config.ts";
import { principalOf, type Claims, type Principal } from "./principal.ts";
import { createSigningKeys } from "./signing-keys.ts";

/** Finds out who sent a request. @throws DocketError `unauthorized`, `tenant_required`. */
export type Authenticate = (request: Request, response: Response) => Promise<Principal>;

/**
 * Checks bearer tokens as `config` says (contract §1, "Keys").
 *
 * The kind of key decides which algorithms are looked at, never the token: a token that says HS256 cannot have a public
 * key taken for a secret, and `none` is in neither list.
 */
export function createAuthenticate(config: TokenConfig): Authenticate {
  const check = expressjwt({
    ...verification(config),
    ...(config.issuer !== undefined && { issuer: config.issuer }),
    ...(config.audience !== undefined && { audience: config.audience }),
  });
  return async (request, response) => {
    await new Promise<void>((resolve, reject) => {
      void check(request, response, (error?: unknown) =>
        error === undefined ? resolve() : reject(error),
      );
    });
    const { auth } = request as Request & { auth?: unknown };
    if (typeof auth !== "object" || auth === null) {
      throw new DocketError("unauthorized", "The token must carry claims.");
    }
    return principalOf(auth as Claims);
  };
}

function verification({ keys }: TokenConfig): Pick<Params, "secret" | "algorithms"> {
  if ("secret" in keys) {
    return { secret: createSecretKey(Buffer.from(keys.secret)), algorithms: ["HS256"] };
  }
  const find = createSigningKeys(keys.jwksUri);
  const secret: GetVerificationKey = async (_request, token) => {
    const key = await find(token?.header.kid);
    if (key === undefined) {
      throw new DocketError("unauthorized", "The token is signed with a key that is not known.");
    }
    return key;
  };
  return { secret, algorithms: ["RS256", "ES256"] };
}
