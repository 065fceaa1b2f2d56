import { DEMO_TENANT } from "@docket/demo-data";
import { isUuid, RECORD_KINDS, type RecordKind } from "@docket/domain";
import {
  type Environment,
  findJwtSecret,
  homeDirectory,
  issuerAndAudience,
  runningStack,
  signToken,
} from "@docket/stack";
import { UsageError } from "@docket/terminal";

import { parseOptions } from "../parse-options.ts";
import { findLoadFile, type LoadFile } from "./load-file.ts";
import { LOAD_USAGE, usageError } from "./usage.ts";

export type LoadCommand = Destination & {
  /** The name or the id of a context. */
  readonly context: string;
  readonly kind: RecordKind;
  readonly file: LoadFile;
};

type Destination = { readonly address: string; readonly token: string };

/**
 * Parses `npm run load`. The destination is the stack in `DOCKET_HOME`, by default with the demo tenant, or any API given
 * by its URL.
 *
 * @throws UsageError
 */
export function parseLoadCommand(args: readonly string[], environment: Environment): LoadCommand {
  const string = { type: "string" } as const;
  const options = { context: string, kind: string, url: string, tenant: string };
  const { values, positionals } = parseOptions(
    { args: [...args], allowPositionals: true, options },
    LOAD_USAGE,
  );
  const { context, kind, url, tenant } = values;
  if (context === undefined || context.trim() === "") {
    throw usageError("--context must name a context");
  }
  if (!isKind(kind)) throw usageError(`--kind must be one of ${RECORD_KINDS.join(", ")}`);
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw usageError("Give one FILE");
  requireTenant(tenant);
  return {
    context: context.trim(),
    kind,
    file: findLoadFile(path, environment),
    ...findDestination({
      url,
      tenant,
      environment,
      subject: "load",
      permissions: ["context:read", "record:write"],
    }),
  };
}

const isKind = (kind: string | undefined): kind is RecordKind =>
  (RECORD_KINDS as readonly (string | undefined)[]).includes(kind);

type DestinationOptions = {
  readonly url: string | undefined;
  readonly tenant: string | undefined;
  readonly environment: Environment;
  /** The principal and the permissions of a token that this function signs. */
  readonly subject: string;
  readonly permissions: readonly string[];
};

function requireTenant(tenant: string | undefined): void {
  if (tenant !== undefined && !isUuid(tenant.toLowerCase()))
    throw usageError("--tenant must be a UUID");
}

/** The stack in `DOCKET_HOME`, by default with the demo tenant, or any API given by its URL. @throws UsageError */
export function findDestination(options: DestinationOptions): Destination {
  const { url, tenant, environment } = options;
  requireTenant(tenant);
  const token = environment["DOCKET_TOKEN"] || undefined;
  if (token !== undefined && tenant !== undefined) {
    throw usageError("--tenant cannot be used with DOCKET_TOKEN, because a token names its tenant");
  }
  if (url !== undefined) {
    if (token === undefined) throw usageError("--url needs a token for that API in DOCKET_TOKEN");
    return { address: parseAddress(url), token };
  }
  const home = homeDirectory(environment);
  const stack = runningStack(home);
  if (stack === undefined) {
    throw new UsageError(
      `No stack is running in ${home}. Run npm start, set DOCKET_HOME, or give --url and DOCKET_TOKEN.`,
    );
  }
  const { address } = stack;
  return { address, token: token ?? signOwnToken(home, tenant ?? DEMO_TENANT, options) };
}

function parseAddress(url: string): string {
  if (!URL.canParse(url) || !/^https?:\/\//i.test(url)) {
    throw usageError("--url must begin with http:// or https://");
  }
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname.replace(/\/+$/, "")}`;
}

function signOwnToken(
  home: string,
  tenant: string,
  { environment, subject, permissions }: DestinationOptions,
): string {
  const secret = findJwtSecret(environment, home);
  if (secret === undefined) {
    throw new UsageError(`${home} has no secrets. Set DOCKET_TOKEN to a token for the stack.`);
  }
  return signToken(secret, {
    tenant: tenant.toLowerCase(),
    subject,
    permissions,
    ...issuerAndAudience(environment),
  });
}
