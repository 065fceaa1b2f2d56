import { statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { parseArgs } from "node:util";

import { isUuid, RECORD_KINDS, type RecordKind } from "@docket/domain";

import {
  type Environment,
  homeDirectory,
  issuedBy,
  readSecrets,
  runningStack,
  signToken,
} from "@docket/stack";
import { DEMO_TENANT } from "@docket/demo-data";
import { UsageError } from "@docket/terminal";

/** What to load, and where to. */
export type LoadCommand = {
  readonly address: string;
  readonly token: string;
  readonly context: string;
  readonly kind: RecordKind;
  readonly file: LoadFile;
};

/** A file of records as it lies on the disk. */
export type LoadFile = {
  readonly path: string;
  readonly bytes: number;
  readonly contentType: string;
  readonly gzip: boolean;
};

export const LOAD_USAGE =
  "npm run load -- --context NAME --kind KIND FILE [--tenant UUID] [--url URL, with DOCKET_TOKEN]";

/** Who acts when the token is made here. */
const SUBJECT = "load";

/**
 * Reads `npm run load`: the stack in `DOCKET_HOME` as the demo tenant unless told otherwise, or any Docket by its URL.
 *
 * @throws UsageError
 */
export function readLoadCommand(args: readonly string[], environment: Environment): LoadCommand {
  const { values, positionals } = readArguments(args);
  const { context, kind, url, tenant } = values;
  if (context === undefined || context.trim() === "") fail("--context must name a context");
  if (!isKind(kind)) fail(`--kind must be one of ${RECORD_KINDS.join(", ")}`);
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) fail("give one FILE");
  if (tenant !== undefined && !isUuid(tenant.toLowerCase())) fail("--tenant must be a UUID");
  return {
    context: context.trim(),
    kind,
    file: readFile(path, environment),
    ...target(url, tenant, environment),
  };
}

function readArguments(args: readonly string[]) {
  const text = { type: "string" } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { context: text, kind: text, url: text, tenant: text },
    });
  } catch (error) {
    const [reason] = (error as Error).message.split(/\.?\s+To specify|\n/);
    throw new UsageError(`${reason}. Usage: ${LOAD_USAGE}`, { cause: error });
  }
}

function fail(reason: string): never {
  throw new UsageError(`${reason[0]!.toUpperCase()}${reason.slice(1)}. Usage: ${LOAD_USAGE}`);
}

const isKind = (kind: string | undefined): kind is RecordKind =>
  (RECORD_KINDS as readonly (string | undefined)[]).includes(kind);

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  csv: "text/csv",
  ndjson: "application/x-ndjson",
  jsonl: "application/x-ndjson",
};

/** What a file holds is told by its name. */
function readFile(given: string, { INIT_CWD }: Environment): LoadFile {
  // npm runs us in the package's own directory, wherever it was called.
  const path = resolve(INIT_CWD || ".", given);
  const name = /\.(csv|ndjson|jsonl)(\.gz)?$/i.exec(basename(given));
  if (name === null) {
    fail(`${given} must end in .csv, .ndjson or .jsonl, and in .gz after that when it is packed`);
  }
  const contentType = CONTENT_TYPES[name[1]!.toLowerCase()]!;
  return { path, bytes: sizeOf(path), contentType, gzip: name[2] !== undefined };
}

function sizeOf(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new UsageError(`There is no file ${path}.`);
  if (!found.isFile()) throw new UsageError(`${path} is not a file.`);
  return found.size;
}

function target(
  url: string | undefined,
  tenant: string | undefined,
  environment: Environment,
): { readonly address: string; readonly token: string } {
  const given = environment["DOCKET_TOKEN"] || undefined;
  if (given !== undefined && tenant !== undefined) {
    fail("--tenant has no meaning beside DOCKET_TOKEN, which names the tenant itself");
  }
  if (url !== undefined) {
    if (given === undefined) fail("--url needs a token for that address in DOCKET_TOKEN");
    return { address: readAddress(url), token: given };
  }
  const home = homeDirectory(environment);
  const running = runningStack(home);
  if (running === undefined) {
    throw new UsageError(
      `No stack runs in ${home}: run npm start, or set DOCKET_HOME, or give --url and DOCKET_TOKEN.`,
    );
  }
  return { address: running.address, token: given ?? ownToken(home, tenant, environment) };
}

function readAddress(url: string): string {
  if (!URL.canParse(url) || !/^https?:\/\//i.test(url)) {
    fail("--url must be an address that begins with http:// or https://");
  }
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname.replace(/\/+$/, "")}`;
}

function ownToken(home: string, tenant: string | undefined, environment: Environment): string {
  const secret = environment["JWT_SECRET"] || readSecrets(home)?.jwtSecret;
  if (secret === undefined) {
    throw new UsageError(`${home} holds no secrets: set DOCKET_TOKEN to a token of the stack's.`);
  }
  return signToken(secret, {
    tenant: (tenant ?? DEMO_TENANT).toLowerCase(),
    subject: SUBJECT,
    permissions: ["context:read", "record:write"],
    ...issuedBy(environment),
  });
}
