import { createHmac, randomUUID, sign, type KeyObject } from "node:crypto";
import { PERMISSIONS } from "@docket/domain";

/** The JWT secret of every API in the tests. */
export const SECRET = "a secret for tests only, long enough for HS256";

export type Claims = Record<string, unknown>;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

export const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1_000) + seconds;

/** Valid claims with the changes of a test; `undefined` removes a claim. */
export const claimsOf = (overrides: Claims = {}): Claims => ({
  sub: "alice",
  tenant_id: randomUUID(),
  permissions: PERMISSIONS,
  exp: inSeconds(600),
  ...overrides,
});

/** A token made by hand, since a library would refuse to make invalid ones. */
export function tokenOf(
  claims: Claims,
  signature: (content: string) => string,
  header: object,
): string {
  const content = `${encode({ typ: "JWT", ...header })}.${encode(claims)}`;
  return `${content}.${signature(content)}`;
}

export const hs256 =
  (secret: string | Buffer) =>
  (content: string): string =>
    createHmac("sha256", secret).update(content).digest("base64url");

export const rs256 =
  (key: KeyObject) =>
  (content: string): string =>
    sign("sha256", Buffer.from(content), key).toString("base64url");

export const es256 =
  (key: KeyObject) =>
  (content: string): string =>
    sign("sha256", Buffer.from(content), { key, dsaEncoding: "ieee-p1363" }).toString("base64url");

/** A token that the tests' API accepts. */
export const validToken = (overrides: Claims = {}): string =>
  tokenOf(claimsOf(overrides), hs256(SECRET), { alg: "HS256" });
