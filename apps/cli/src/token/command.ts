import { isUuid, PERMISSIONS } from "@docket/domain";
import {
  findJwtSecret,
  homeDirectory,
  issuerAndAudience,
  signToken,
  type Environment,
} from "@docket/stack";
import { UsageError } from "@docket/terminal";

import { parseOptions } from "../parse-options.ts";

const USAGE = "npm run token -- --tenant UUID --sub NAME [--permissions a,b]";

/**
 * Returns a token signed with `JWT_SECRET`, or with the secret of the stack in `DOCKET_HOME` (docs/api.md §7).
 *
 * @throws UsageError
 */
export function runTokenCommand(args: readonly string[], environment: Environment): string {
  const string = { type: "string" } as const;
  const options = { tenant: string, sub: string, permissions: string };
  const { tenant, sub, permissions } = parseOptions({ args: [...args], options }, USAGE).values;
  if (tenant === undefined || !isUuid(tenant.toLowerCase())) {
    throw new UsageError(`--tenant must be a UUID. Usage: ${USAGE}`);
  }
  if (sub === undefined || sub.trim() === "") {
    throw new UsageError(`--sub must name the acting principal. Usage: ${USAGE}`);
  }
  const home = homeDirectory(environment);
  const secret = findJwtSecret(environment, home);
  if (secret === undefined) {
    throw new UsageError(
      `There is no stack in ${home}. Run npm start once, or set DOCKET_HOME or JWT_SECRET.`,
    );
  }
  return signToken(secret, {
    tenant: tenant.toLowerCase(),
    subject: sub,
    ...(permissions !== undefined && { permissions: parsePermissions(permissions) }),
    ...issuerAndAudience(environment),
  });
}

function parsePermissions(list: string): readonly string[] {
  const permissions = list.split(/[\s,]+/).filter((permission) => permission !== "");
  const known: readonly string[] = PERMISSIONS;
  const unknown = permissions.filter((permission) => !known.includes(permission));
  if (unknown.length === 0 && permissions.length > 0) return permissions;
  const reason =
    unknown.length === 0
      ? "--permissions must not be empty"
      : `--permissions has unknown permissions: ${unknown.join(", ")}`;
  throw new UsageError(`${reason}. The permissions are ${PERMISSIONS.join(", ")}.`);
}
