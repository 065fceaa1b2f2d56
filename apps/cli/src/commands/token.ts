import { isUuid, PERMISSIONS } from "@docket/domain";
import {
  findJwtSecret,
  homeDirectory,
  issuerAndAudience,
  signToken,
  type Environment,
} from "@docket/stack";
import { UsageError } from "@docket/terminal";
import type { Command } from "commander";

import type { Cli } from "../cli.ts";
import { parseWords } from "../options.ts";

export type TokenCommand = {
  readonly tenant: string;
  readonly sub: string;
  readonly permissions?: readonly string[];
};

const EXAMPLE = `
Example:
  TOKEN=$(npx docket token --tenant 01980000-d0c7-7000-8000-000000000001 --sub maria)`;

/** `docket token`. */
export function addToken(program: Command, cli: Cli): void {
  program
    .command("token")
    .description("print a token, signed with JWT_SECRET or by the stack in DOCKET_HOME")
    .requiredOption("--tenant <uuid>", "the tenant")
    .requiredOption("--sub <name>", "the acting principal")
    .option("--permissions <names>", "separated by commas (default: all)", parseWords)
    .addHelpText("after", EXAMPLE)
    .action((options: TokenCommand) => {
      cli.out.write(`${createToken(options, cli.environment)}\n`);
    });
}

/** A token signed with `JWT_SECRET`, or with the secret of the stack in `DOCKET_HOME` (docs/cli.md). @throws UsageError */
function createToken({ tenant, sub, permissions }: TokenCommand, environment: Environment): string {
  if (!isUuid(tenant.toLowerCase())) throw new UsageError("--tenant must be a UUID.");
  if (sub.trim() === "") throw new UsageError("--sub must name the acting principal.");
  if (permissions !== undefined) checkPermissions(permissions);
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
    ...(permissions !== undefined && { permissions }),
    ...issuerAndAudience(environment),
  });
}

function checkPermissions(permissions: readonly string[]): void {
  const known: readonly string[] = PERMISSIONS;
  const unknown = permissions.filter((permission) => !known.includes(permission));
  if (unknown.length === 0 && permissions.length > 0) return;
  const reason =
    unknown.length === 0
      ? "--permissions must not be empty"
      : `--permissions has unknown permissions: ${unknown.join(", ")}`;
  throw new UsageError(`${reason}. The permissions are ${PERMISSIONS.join(", ")}.`);
}
