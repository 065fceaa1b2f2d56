import { PERMISSIONS } from "@docket/domain";
import jwt from "jsonwebtoken";

import type { Environment } from "./settings.ts";

export type TokenOptions = {
  readonly tenant: string;
  readonly subject: string;
  /** Default: all permissions. */
  readonly permissions?: readonly string[];
  readonly issuer?: string;
  readonly audience?: string;
  /** Default: `TOKEN_LIFETIME_HOURS`. */
  readonly lifetimeHours?: number;
};

export const TOKEN_LIFETIME_HOURS = 24;

/** Signs a token with HS256, as an identity provider would for the API's `JWT_SECRET`. */
export function signToken(secret: string, options: TokenOptions): string {
  const { tenant, subject, permissions = PERMISSIONS, issuer, audience } = options;
  const { lifetimeHours = TOKEN_LIFETIME_HOURS } = options;
  return jwt.sign({ tenant_id: tenant, permissions: [...permissions] }, secret, {
    algorithm: "HS256",
    subject,
    expiresIn: lifetimeHours * 3_600,
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
  });
}

/** `JWT_ISSUER` and `JWT_AUDIENCE`, which the API checks when they are set. */
export function issuerAndAudience(
  environment: Environment,
): Pick<TokenOptions, "issuer" | "audience"> {
  const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = environment;
  return { ...(issuer && { issuer }), ...(audience && { audience }) };
}
