import { DocketError, isUuid, type Permission } from "@docket/domain";

/** Who acts, for which tenant, and what the token lets them do. */
export type Principal = {
  readonly subject: string;
  readonly tenantId: string;
  readonly permissions: ReadonlySet<string>;
};

/** The claims of a token whose signature, issuer, audience and times were checked. */
export type Claims = Readonly<Record<string, unknown>>;

const MAX_SUBJECT_LENGTH = 255;
/** A subject is stored and logged: no control characters (NUL above all), no half surrogate pairs. */
const UNSTORABLE = /[\p{Cc}\p{Cs}]/u;

/**
 * Reads the principal out of verified claims (contract §1, "Who" and "Permissions").
 *
 * @throws DocketError `unauthorized` without `exp` or a usable `sub`, `tenant_required` without a tenant.
 */
export function principalOf(claims: Claims): Principal {
  // The library checks `exp` when it is there; a token that lives for ever is none of ours.
  if (typeof claims["exp"] !== "number") {
    throw new DocketError("unauthorized", "The token must carry an expiry: the claim exp.");
  }
  return {
    subject: subjectOf(claims["sub"]),
    tenantId: tenantOf(claims["tenant_id"], claims["tenantId"]),
    permissions: new Set([...listed(claims["permissions"]), ...scoped(claims["scope"])]),
  };
}

/** @throws DocketError `forbidden` when the token does not carry `permission`. */
export function authorise(principal: Principal, permission: Permission): void {
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
  throw new DocketError("unauthorized", "The token must say who acts: the claim sub.");
}

function tenantOf(...spellings: readonly unknown[]): string {
  const given = spellings
    .filter((claim) => claim !== undefined)
    .map((claim) => (typeof claim === "string" ? claim.toLowerCase() : claim));
  const [tenant] = given;
  // Two spellings that disagree name no tenant: guessing one would be a way into the other.
  const one = given.every((claim) => claim === tenant);
  if (one && typeof tenant === "string" && isUuid(tenant)) return tenant;
  throw new DocketError(
    "tenant_required",
    "The token must name a tenant: the claim tenant_id, a UUID.",
  );
}

const listed = (claim: unknown): readonly string[] =>
  Array.isArray(claim) ? claim.filter((each) => typeof each === "string") : [];

const scoped = (claim: unknown): readonly string[] =>
  typeof claim === "string" ? claim.split(" ").filter((each) => each !== "") : [];
