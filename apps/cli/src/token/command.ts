import { parseArgs } from "node:util";

import { isUuid, PERMISSIONS } from "@docket/domain";
import { homeDirectory, issuedBy, readSecrets, signToken } from "@docket/stack";
import { UsageError } from "@docket/terminal";

const USAGE = "npm run token -- --tenant UUID --sub NAME [--permissions a,b]";

/**
 * The token that the arguments ask for, signed with `JWT_SECRET` or else with the secret of the stack in `DOCKET_HOME`.
 *
 * @throws UsageError
 */
export function tokenFor(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const { tenant, sub, permissions } = readArguments(args);
  if (tenant === undefined || !isUuid(tenant.toLowerCase())) {
    throw new UsageError(`--tenant must be a UUID. Usage: ${USAGE}`);
  }
  if (sub === undefined || sub.trim() === "") {
    throw new UsageError(`--sub must name who acts. Usage: ${USAGE}`);
  }
  return signToken(secretOf(environment), {
    tenant: tenant.toLowerCase(),
    subject: sub,
    ...(permissions !== undefined && { permissions: readPermissions(permissions) }),
    ...issuedBy(environment),
  });
}

function readArguments(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        tenant: { type: "string" },
        sub: { type: "string" },
        permissions: { type: "string" },
      },
    });
    return values;
  } catch (error) {
    const [reason] = (error as Error).message.split(/\.?\s+To specify|\n/);
    throw new UsageError(`${reason}. Usage: ${USAGE}`, { cause: error });
  }
}

function readPermissions(list: string): readonly string[] {
  const asked = list.split(/[\s,]+/).filter((permission) => permission !== "");
  const known: readonly string[] = PERMISSIONS;
  const unknown = asked.filter((permission) => !known.includes(permission));
  if (unknown.length === 0 && asked.length > 0) return asked;
  const fault = unknown.length === 0 ? "is empty" : `has no ${unknown.join(", ")}`;
  throw new UsageError(`--permissions ${fault}; there are ${PERMISSIONS.join(", ")}`);
}

function secretOf(environment: Readonly<Record<string, string | undefined>>): string {
  if (environment["JWT_SECRET"]) return environment["JWT_SECRET"];
  const home = homeDirectory(environment);
  const secrets = readSecrets(home);
  if (secrets !== undefined) return secrets.jwtSecret;
  throw new UsageError(
    `${home} holds no stack: run npm start once, or set DOCKET_HOME or JWT_SECRET.`,
  );
}
