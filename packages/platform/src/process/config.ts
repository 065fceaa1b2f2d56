import Joi from "joi";
import { parseNetwork } from "../outbound/networks.ts";
import type { StorageConfig } from "../storage/types.ts";

/** The environment is not a valid configuration. `faults` holds one sentence per fault, each naming its variable. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join("\n"));
    this.faults = faults;
  }
}

/** The process environment. Only `main.ts` reads `process.env`; everything else takes it as a parameter. */
export type Environment = Readonly<Record<string, string | undefined>>;

const url = (...schemes: string[]): Joi.StringSchema => Joi.string().uri({ scheme: schemes });

/** A TCP port. 0 lets the operating system pick a free one. */
export const port = (): Joi.NumberSchema => Joi.number().integer().min(0).max(65_535);

/** AES-256. */
const SECRETS_KEY_BYTES = 32;

/** A list of values that are separated by commas; `read` returns undefined for one that is malformed. */
const listOf = (read: (text: string) => unknown, message: string): Joi.StringSchema =>
  Joi.string()
    .custom((given: string, helpers) => {
      const values = given.split(",").map((text) => read(text.trim()));
      return values.includes(undefined) ? helpers.error("any.invalid") : values;
    })
    .messages({ "any.invalid": message });

const secretsKey = (text: string): Buffer | undefined => {
  const key = /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, "base64") : undefined;
  return key?.length === SECRETS_KEY_BYTES ? key : undefined;
};

const network = (text: string): string | undefined =>
  parseNetwork(text) === undefined ? undefined : text;

/** The variables that the API and the worker share (docs/api.md §6). Each app adds its own. */
export const sharedVariables = {
  DATABASE_URL: url("postgres", "postgresql").required(),
  QUEUE_URL: url("postgres", "postgresql", "redis", "rediss").required(),
  S3_ENDPOINT: url("http", "https"),
  S3_PUBLIC_ENDPOINT: url("http", "https"),
  S3_REGION: Joi.string().default("us-east-1"),
  S3_BUCKET: Joi.string(),
  S3_ACCESS_KEY_ID: Joi.string(),
  S3_SECRET_ACCESS_KEY: Joi.string(),
  S3_FORCE_PATH_STYLE: Joi.boolean(),
  SECRETS_KEY: listOf(
    secretsKey,
    `SECRETS_KEY must be a comma-separated list of keys of ${SECRETS_KEY_BYTES} bytes in base64`,
  ),
  WEBHOOK_ALLOWED_NETWORKS: listOf(
    network,
    "WEBHOOK_ALLOWED_NETWORKS must be a comma-separated list of networks such as 10.0.0.0/8",
  ),
  HOST: Joi.string().hostname(),
  METRICS_PORT: port(),
  LOG_LEVEL: Joi.string()
    .valid("fatal", "error", "warn", "info", "debug", "trace", "silent")
    .default("info"),
} as const;

export type SharedVariables = {
  readonly DATABASE_URL: string;
  readonly QUEUE_URL: string;
  readonly S3_ENDPOINT?: string;
  readonly S3_PUBLIC_ENDPOINT?: string;
  readonly S3_REGION: string;
  readonly S3_BUCKET?: string;
  readonly S3_ACCESS_KEY_ID?: string;
  readonly S3_SECRET_ACCESS_KEY?: string;
  readonly S3_FORCE_PATH_STYLE?: boolean;
  readonly SECRETS_KEY?: readonly Buffer[];
  readonly WEBHOOK_ALLOWED_NETWORKS?: readonly string[];
  readonly HOST?: string;
  readonly METRICS_PORT?: number;
  readonly LOG_LEVEL: string;
};

/** Where to serve metrics and health checks; undefined if they are disabled. */
export const operationsConfig = ({
  METRICS_PORT: metricsPort,
  HOST: host,
}: SharedVariables): { readonly port: number; readonly host?: string } | undefined =>
  metricsPort === undefined
    ? undefined
    : { port: metricsPort, ...(host !== undefined && { host }) };

/**
 * Validates the environment against `variables`. An empty variable counts as unset, because compose files and shells
 * cannot express the difference.
 *
 * @throws ConfigError with one sentence per fault. Values are never quoted: they may be secrets.
 */
export function readEnvironment<T>(
  variables: Joi.PartialSchemaMap<T>,
  environment: Environment,
): T {
  const set = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ""),
  );
  const { error, value } = Joi.object<T>(variables)
    .and("S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY")
    .with("S3_ENDPOINT", "S3_BUCKET")
    .validate(set, { abortEarly: false, stripUnknown: true, errors: { wrap: { label: false } } });
  if (error !== undefined) throw new ConfigError(error.details.map(({ message }) => message));
  return value;
}

/** The part of `process` that `configOrExit` uses. */
type Process = Pick<NodeJS.Process, "env" | "stderr" | "exit">;

/** Reads the configuration, or prints one line per fault to stderr and exits with 1 (docs/api.md §6). For `main.ts` only. */
export function configOrExit<T>(process: Process, read: (environment: Environment) => T): T {
  try {
    return read(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const fault of error.faults) process.stderr.write(`${fault}\n`);
    return process.exit(1);
  }
}

/** The object store; undefined if `S3_BUCKET` is unset, in which case exports and uploads return 503. */
export const storageConfig = (env: SharedVariables): StorageConfig | undefined =>
  env.S3_BUCKET === undefined
    ? undefined
    : {
        endpoint: env.S3_ENDPOINT,
        publicEndpoint: env.S3_PUBLIC_ENDPOINT,
        region: env.S3_REGION,
        bucket: env.S3_BUCKET,
        accessKeyId: env.S3_ACCESS_KEY_ID,
        secretAccessKey: env.S3_SECRET_ACCESS_KEY,
        forcePathStyle: env.S3_FORCE_PATH_STYLE,
      };

export type WebhookConfig = {
  /** The first one encrypts, all of them decrypt. */
  readonly secretsKeys: readonly Buffer[];
  /** Networks beside the public internet to which webhooks may be sent. */
  readonly allowedNetworks: readonly string[];
};

/** What webhooks need; undefined if `SECRETS_KEY` is unset, in which case their calls return 503. */
export const webhookConfig = ({
  SECRETS_KEY: secretsKeys,
  WEBHOOK_ALLOWED_NETWORKS: allowedNetworks = [],
}: SharedVariables): WebhookConfig | undefined =>
  secretsKeys === undefined ? undefined : { secretsKeys, allowedNetworks };
