import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { readJson, writeJson } from "./durable-file.ts";
import { holderOf } from "./home-lock.ts";

/** What is generated at the first start and never shown. */
export type Secrets = {
  readonly jwtSecret: string;
  readonly databasePassword: string;
  readonly queuePassword: string;
  readonly s3AccessKeyId: string;
  readonly s3SecretAccessKey: string;
};

/** The directory in which a stack keeps its state: `DOCKET_HOME`, or `.docket` where it was started. */
export function homeDirectory(environment: Readonly<Record<string, string | undefined>>): string {
  return resolve(environment["DOCKET_HOME"] || ".docket");
}

/** Where things are in a home. */
export const inHome = {
  postgres: (home: string) => join(home, "postgres"),
  objects: (home: string) => join(home, "objects"),
  logs: (home: string) => join(home, "logs"),
  secrets: (home: string) => join(home, "secrets.json"),
  processes: (home: string) => join(home, "processes.json"),
  /** Where the running stack can be reached; see {@link runningStack}. */
  stack: (home: string) => join(home, "stack.json"),
} as const;

/** Makes a home's directories. */
export function prepareHome(home: string): void {
  mkdirSync(home, { recursive: true });
  // Others may pass through, not look: started by root, Postgres runs as a user of its own.
  chmodSync(home, 0o711);
  for (const directory of [inHome.objects(home), inHome.logs(home)]) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }
}

/** The home's secrets; generated when they are not there or not whole. */
export function ensureSecrets(home: string): Secrets {
  const found = readSecrets(home);
  if (found !== undefined) return found;
  const hex = (bytes: number): string => randomBytes(bytes).toString("hex");
  const secrets: Secrets = {
    jwtSecret: hex(32),
    databasePassword: hex(24),
    queuePassword: hex(24),
    s3AccessKeyId: `DOCKET${hex(7).toUpperCase()}`,
    s3SecretAccessKey: hex(20),
  };
  writeJson(inHome.secrets(home), secrets);
  return secrets;
}

const SECRET_NAMES = [
  "jwtSecret",
  "databasePassword",
  "queuePassword",
  "s3AccessKeyId",
  "s3SecretAccessKey",
] as const satisfies readonly (keyof Secrets)[];

/** The home's secrets; undefined when no stack was ever started there. */
export function readSecrets(home: string): Secrets | undefined {
  const found = readJson(inHome.secrets(home)) as Partial<Secrets> | undefined | null;
  const whole = SECRET_NAMES.every((name) => {
    const secret = found?.[name];
    return typeof secret === "string" && secret !== "";
  });
  return whole ? (found as Secrets) : undefined;
}

/** The address of the stack that runs on a home; undefined when none does, or it is not ready yet. */
export function runningStack(home: string): { readonly address: string } | undefined {
  if (holderOf(home) === undefined) return undefined;
  const found = readJson(inHome.stack(home)) as { address?: unknown } | undefined | null;
  return typeof found?.address === "string" ? { address: found.address } : undefined;
}
