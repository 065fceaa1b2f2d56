import { PERMISSIONS } from "@docket/domain";
import jwt from "jsonwebtoken";

export type TokenRequest = {
  readonly tenant: string;
  readonly subject: string;
  /** Default: all. */
  readonly permissions?: readonly string[];
  readonly issuer?: string;
  readonly audience?: string;
};

/** How long a token from `npm start` or `npm run token` is valid. */
export const TOKEN_HOURS = 24;

/** Signs a token with HS256, as an identity provider would for the API's `JWT_SECRET`. */
export function signToken(secret: string, request: TokenRequest): string {
  const { tenant, subject, permissions = PERMISSIONS, issuer, audience } = request;
  return jwt.sign({ tenant_id: tenant, permissions: [...permissions] }, secret, {
    algorithm: "HS256",
    subject,
    expiresIn: TOKEN_HOURS * 3_600,
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
  });
}

/** `JWT_ISSUER` and `JWT_AUDIENCE`, which the API checks when they are set. */
export function issuedBy(
  environment: Readonly<Record<string, string | undefined>>,
): Pick<TokenRequest, "issuer" | "audience"> {
  const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = environment;
  return { ...(issuer && { issuer }), ...(audience && { audience }) };
}
