import { randomBytes } from "node:crypto";

import type { Environment } from "../settings.ts";
import { homePaths } from "./home.ts";
import { readJson, writeJson } from "./json-file.ts";

const SECRET_NAMES = [
  "jwtSecret",
  "databasePassword",
  "queuePassword",
  "s3AccessKeyId",
  "s3SecretAccessKey",
] as const;

/** Generated at the first start and never printed. */
export type Secrets = Readonly<Record<(typeof SECRET_NAMES)[number], string>> & {
  /** Encrypts the secrets of webhooks. Homes of earlier releases have none. */
  readonly secretsKey?: string;
};

/** The home's secrets, generated when they are missing or incomplete. */
export function ensureSecrets(home: string): Required<Secrets> {
  const { secretsKey, ...existing } = readSecrets(home) ?? createSecrets();
  if (secretsKey !== undefined) return { ...existing, secretsKey };
  const secrets = { ...existing, secretsKey: randomBytes(32).toString("base64") };
  writeJson(homePaths.secrets(home), secrets);
  return secrets;
}

function createSecrets(): Secrets {
  const hex = (bytes: number): string => randomBytes(bytes).toString("hex");
  return {
    jwtSecret: hex(32),
    databasePassword: hex(24),
    queuePassword: hex(24),
    s3AccessKeyId: `DOCKET${hex(7).toUpperCase()}`,
    s3SecretAccessKey: hex(20),
  };
}

/** The home's secrets; undefined when they are missing or incomplete. */
export function readSecrets(home: string): Secrets | undefined {
  const found = readJson(homePaths.secrets(home)) as Partial<Secrets> | undefined | null;
  const isComplete = SECRET_NAMES.every((name) => {
    const secret = found?.[name];
    return typeof secret === "string" && secret !== "";
  });
  return isComplete ? (found as Secrets) : undefined;
}

/** The secret that signs the stack's tokens: `JWT_SECRET`, or the home's own; undefined when there is neither. */
export function findJwtSecret(environment: Environment, home: string): string | undefined {
  return environment["JWT_SECRET"] || readSecrets(home)?.jwtSecret;
}
