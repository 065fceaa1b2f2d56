import { createDocket, type Docket } from "@docket/client";
import { DEMO_TENANT } from "@docket/demo-data";
import { isUuid } from "@docket/domain";
import {
  type Environment,
  findJwtSecret,
  homeDirectory,
  issuerAndAudience,
  runningStack,
  signToken,
} from "@docket/stack";
import { UsageError } from "@docket/terminal";
import type { Command } from "commander";

import type { Cli } from "./cli.ts";

export type ConnectionOptions = {
  readonly url?: string;
  readonly token?: string;
  readonly tenant?: string;
};

/** Adds the options of every command that calls the API. */
export const withConnection = (command: Command): Command =>
  command
    .option("--url <url>", "address of the API (default: DOCKET_URL, then the local stack)")
    .option("--token <jwt>", "token for the API (default: DOCKET_TOKEN, then a token of its own)")
    .option("--tenant <uuid>", "tenant on the local stack (default: the demo tenant)")
    .option("--json", "print JSON, for scripts");

/**
 * Connects to the API: by flags, then `DOCKET_URL` and `DOCKET_TOKEN`, then to the stack in `DOCKET_HOME`, with a token that is
 * signed with its secret. That secret never signs a token for another address.
 *
 * @throws UsageError
 */
export function connect(options: ConnectionOptions, { environment, signal }: Cli): Docket {
  return createDocket({ ...findDestination(options, environment), signal });
}

/** @throws UsageError */
export function findDestination(
  options: ConnectionOptions,
  environment: Environment,
): { readonly baseUrl: string; readonly token: string } {
  const token = options.token ?? (environment["DOCKET_TOKEN"] || undefined);
  const url = options.url ?? (environment["DOCKET_URL"] || undefined);
  const { tenant } = options;
  if (token !== undefined && tenant !== undefined) {
    throw new UsageError("--tenant cannot be used with a token, because a token names its tenant.");
  }
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    throw new UsageError("The token must consist of visible ASCII characters.");
  }
  if (tenant !== undefined && !isUuid(tenant.toLowerCase())) {
    throw new UsageError("--tenant must be a UUID.");
  }
  if (url !== undefined) {
    if (token === undefined) {
      throw new UsageError(`${url} needs a token. Set DOCKET_TOKEN or give --token.`);
    }
    return { baseUrl: parseAddress(url), token };
  }
  const home = homeDirectory(environment);
  const stack = runningStack(home);
  if (stack === undefined) {
    throw new UsageError(
      `No stack is running in ${home}. Run npm start, set DOCKET_HOME, or set DOCKET_URL and DOCKET_TOKEN.`,
    );
  }
  const signed = token ?? signOwnToken(home, tenant ?? DEMO_TENANT, environment);
  return { baseUrl: stack.address, token: signed };
}

function parseAddress(url: string): string {
  if (!URL.canParse(url) || !/^https?:\/\//i.test(url)) {
    throw new UsageError("The URL of the API must begin with http:// or https://.");
  }
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname.replace(/\/+$/, "")}`;
}

function signOwnToken(home: string, tenant: string, environment: Environment): string {
  const secret = findJwtSecret(environment, home);
  if (secret === undefined) {
    throw new UsageError(`${home} has no secrets. Set DOCKET_TOKEN to a token for the stack.`);
  }
  return signToken(secret, {
    tenant: tenant.toLowerCase(),
    subject: environment["USER"] || "docket",
    ...issuerAndAudience(environment),
  });
}

/** `--context` takes a name or an ID. @throws UsageError when there is no such context */
export async function findContextId(docket: Docket, context: string): Promise<string> {
  const found = await docket.contexts.find(context.trim());
  if (found !== undefined) return found.id;
  const id = context.trim().toLowerCase();
  if (isUuid(id)) return id;
  throw new UsageError(
    `There is no context named ${JSON.stringify(context)} in this tenant. Create it and its sources first (docs/ingest.md).`,
  );
}
