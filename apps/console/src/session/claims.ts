import type { Permission } from "./permissions.ts";

/** What the console reads of a token. The API verifies it; the console only decides what to show. */
export type Claims = {
  readonly subject: string;
  readonly tenantId: string;
  readonly permissions: ReadonlySet<string>;
  readonly expiresAt: number;
};

/** Reads the claims of a JWT (docs/api.md §1); undefined for anything else. */
export function readClaims(token: string): Claims | undefined {
  try {
    const payload = JSON.parse(decodePart(token.split(".")[1] ?? "")) as Record<string, unknown>;
    const { sub, exp, permissions, scope } = payload;
    const tenantId = payload["tenant_id"] ?? payload["tenantId"];
    if (typeof sub !== "string" || typeof exp !== "number") return undefined;
    return {
      subject: sub,
      tenantId: typeof tenantId === "string" ? tenantId : "",
      permissions: new Set(permissionNames(permissions, scope)),
      expiresAt: exp * 1_000,
    };
  } catch {
    return undefined;
  }
}

/** Identifies a user with their permissions. Two tokens of the same user give the same key. */
export const personOf = ({ tenantId, subject, permissions }: Claims): string =>
  JSON.stringify([tenantId, subject, [...permissions].toSorted()]);

/** Whether the token allows this. Without a permission to ask for, everybody may. */
export const isAllowed = (claims: Claims, permission: Permission): boolean =>
  claims.permissions.has(permission);

function permissionNames(permissions: unknown, scope: unknown): readonly string[] {
  if (Array.isArray(permissions)) return permissions.filter((each) => typeof each === "string");
  return typeof scope === "string" ? scope.split(" ") : [];
}

function decodePart(part: string): string {
  const binary = atob(part.replaceAll("-", "+").replaceAll("_", "/"));
  return new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
}
