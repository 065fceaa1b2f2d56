import { DocketError, isUuid, type Permission } from "@docket/domain";

/** The acting subject, its tenant, and the permissions of its token. */
export type Principal = {
  readonly subject: string;
  readonly tenantId: string;
  readonly permissions: ReadonlySet<string>;
  /** When the token expires, in seconds since the epoch. */
  readonly expiresAt: number;
};

/** The claims of a token whose signature, issuer, audience and times are verified. */
export type TokenClaims = Readonly<Record<string, unknown>>;

const MAX_SUBJECT_LENGTH = 255;
/** A subject is stored and logged: Postgres refuses NUL, and lone surrogates are not UTF-8. */
const UNSTORABLE = /[\p{Cc}\p{Cs}]/u;

/**
 * Reads the principal and the expiry from verified claims (docs/api.md §1, "Authentication" and "Permissions").
 *
 * @throws DocketError `unauthorized` without `exp` or a usable `sub`, `tenant_required` without a tenant.
 */
export function principalOf(claims: TokenClaims): Principal {
  const { exp: expiresAt } = claims;
  // express-jwt checks `exp` only when it is present.
  if (typeof expiresAt !== "number") {
    throw new DocketError("unauthorized", "The token must have an expiry in the claim exp.");
  }
  return {
    subject: subjectOf(claims["sub"]),
    tenantId: tenantOf(claims["tenant_id"], claims["tenantId"]),
    permissions: new Set([...listed(claims["permissions"]), ...scoped(claims["scope"])]),
    expiresAt,
  };
}

/** @throws DocketError `forbidden` when the token lacks `permission`. */
export function authorize(principal: Principal, permission: Permission): void {
  if (principal.permissions.has(permission)) return;
  throw new DocketError("forbidden", `The token lacks the permission ${permission}.`);
}

function subjectOf(claim: unknown): string {
  const usable =
    typeof claim === "string" &&
    claim.trim() !== "" &&
    claim.length <= MAX_SUBJECT_LENGTH &&
    !UNSTORABLE.test(claim);
  if (usable) return claim;
  throw new DocketError(
    "unauthorized",
    "The token must name the acting principal in the claim sub.",
  );
}

function tenantOf(...spellings: readonly unknown[]): string {
  const given = spellings
    .filter((claim) => claim !== undefined)
    .map((claim) => (typeof claim === "string" ? claim.toLowerCase() : claim));
  const [tenant] = given;
  // If the two spellings disagree, neither can be trusted.
  const agree = given.every((claim) => claim === tenant);
  if (agree && typeof tenant === "string" && isUuid(tenant)) return tenant;
  throw new DocketError(
    "tenant_required",
    "The token must name a tenant, a UUID, in the claim tenant_id.",
  );
}

const listed = (claim: unknown): readonly string[] =>
  Array.isArray(claim) ? claim.filter((each) => typeof each === "string") : [];

const scoped = (claim: unknown): readonly string[] =>
  typeof claim === "string" ? claim.split(" ").filter((each) => each !== "") : [];
