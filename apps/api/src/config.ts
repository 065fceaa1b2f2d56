import {
  port,
  readEnvironment,
  sharedVariables,
  operationsConfig,
  storageConfig,
  webhookConfig,
  type Environment,
  type SharedVariables,
  type WebhookConfig,
} from "@docket/platform";
import type { StorageConfig } from "@docket/platform/storage";
import Joi from "joi";
import {
  consoleConfig,
  consoleVariables,
  type ConsoleConfig,
  type ConsoleVariables,
} from "./http/console/settings.ts";
import { secureUrl } from "./secure-url.ts";

type Variables = SharedVariables &
  ConsoleVariables & {
    readonly PORT: number;
    readonly JWT_SECRET?: string;
    readonly JWT_JWKS_URI?: string;
    readonly JWT_ISSUER?: string;
    readonly JWT_AUDIENCE?: string;
    readonly CORS_ORIGINS: readonly string[];
    readonly EXPORT_MAX_SPAN_DAYS: number;
    readonly EXPORT_URL_TTL_SECONDS: number;
    readonly EXPORT_MAX_ACTIVE_PER_TENANT: number;
    readonly RATE_LIMIT_PER_MINUTE: number;
    readonly EXPORT_RATE_LIMIT_PER_MINUTE: number;
    readonly API_POOL_SIZE: number;
  };

/** RFC 7518, §3.2: a key for HS256 is at least as long as its hash. */
const MIN_SECRET_BYTES = 32;

/** The limit of S3: 7 days. */
const MAX_PRESIGN_SECONDS = 604_800;

const variables: Joi.PartialSchemaMap<Variables> = {
  ...sharedVariables,
  ...consoleVariables,
  PORT: port().default(3_000),
  JWT_SECRET: Joi.string()
    .when("JWT_JWKS_URI", { is: Joi.exist(), otherwise: Joi.required() })
    .when("JWT_JWKS_URI", { not: Joi.exist(), otherwise: Joi.forbidden() })
    .min(MIN_SECRET_BYTES, "utf8")
    .messages({
      "any.required": "JWT_SECRET or JWT_JWKS_URI is required",
      "any.unknown": "JWT_SECRET and JWT_JWKS_URI must not both be set",
      "string.min": `JWT_SECRET must be at least ${MIN_SECRET_BYTES} bytes long`,
    }),
  JWT_JWKS_URI: secureUrl("JWT_JWKS_URI"),
  JWT_ISSUER: Joi.string(),
  // An identity provider signs the tokens of many services with the same keys.
  JWT_AUDIENCE: Joi.string()
    .when("JWT_JWKS_URI", { not: Joi.exist(), otherwise: Joi.required() })
    .messages({ "any.required": "JWT_AUDIENCE is required with JWT_JWKS_URI" }),
  CORS_ORIGINS: Joi.string().custom(originList).default([]).messages({
    "any.invalid":
      "CORS_ORIGINS must be a comma-separated list of origins such as https://app.example.com",
  }),
  EXPORT_MAX_SPAN_DAYS: Joi.number().integer().min(0).max(36_500).default(365),
  EXPORT_URL_TTL_SECONDS: Joi.number().integer().min(1).max(MAX_PRESIGN_SECONDS).default(900),
  EXPORT_MAX_ACTIVE_PER_TENANT: Joi.number().integer().min(0).max(1_000_000).default(100),
  RATE_LIMIT_PER_MINUTE: Joi.number().integer().min(0).max(1_000_000).default(1_000),
  EXPORT_RATE_LIMIT_PER_MINUTE: Joi.number().integer().min(0).max(1_000_000).default(60),
  // More than the permits of ingests (semaphores.ts): the other connections cancel ingests and serve other requests.
  API_POOL_SIZE: Joi.number().integer().min(6).max(200).default(10),
};

/** The keys that sign tokens: a shared secret (HS256), or the keys published at a URI (RS256, ES256). */
export type TokenKeys = { readonly secret: string } | { readonly jwksUri: string };

export type TokenConfig = {
  readonly keys: TokenKeys;
  readonly issuer?: string;
  readonly audience?: string;
};

export type ApiConfig = {
  readonly databaseUrl: string;
  readonly poolSize: number;
  readonly queueUrl: string;
  readonly storage: StorageConfig | undefined;
  /** Undefined if `SECRETS_KEY` is unset. */
  readonly webhooks?: WebhookConfig | undefined;
  readonly operations?: ReturnType<typeof operationsConfig>;
  readonly logLevel: string;
  readonly port: number;
  /** Absent: all interfaces. */
  readonly host?: string;
  readonly token: TokenConfig;
  readonly corsOrigins: readonly string[];
  /** Undefined if `CONSOLE` is `off`. */
  readonly console?: ConsoleConfig | undefined;
  readonly exportMaxSpanDays: number;
  readonly exportUrlTtlSeconds: number;
  /** The most unfinished exports of a tenant; 0: no limit. */
  readonly exportMaxActivePerTenant: number;
  /** Rate limits per principal, for all requests and for creating exports; 0: no limit. */
  readonly perMinute: { readonly all: number; readonly exports: number };
};

/** Reads the configuration of the API from the environment (docs/api.md §6). @throws ConfigError with one line per fault. */
export function apiConfig(environment: Environment): ApiConfig {
  const env = readEnvironment<Variables>(variables, environment);
  return {
    databaseUrl: env.DATABASE_URL,
    poolSize: env.API_POOL_SIZE,
    queueUrl: env.QUEUE_URL,
    storage: storageConfig(env),
    webhooks: webhookConfig(env),
    operations: operationsConfig(env),
    logLevel: env.LOG_LEVEL,
    port: env.PORT,
    ...(env.HOST !== undefined && { host: env.HOST }),
    token: {
      keys: tokenKeys(env),
      ...(env.JWT_ISSUER !== undefined && { issuer: env.JWT_ISSUER }),
      ...(env.JWT_AUDIENCE !== undefined && { audience: env.JWT_AUDIENCE }),
    },
    corsOrigins: env.CORS_ORIGINS,
    console: consoleConfig(env),
    exportMaxSpanDays: env.EXPORT_MAX_SPAN_DAYS,
    exportUrlTtlSeconds: env.EXPORT_URL_TTL_SECONDS,
    exportMaxActivePerTenant: env.EXPORT_MAX_ACTIVE_PER_TENANT,
    perMinute: { all: env.RATE_LIMIT_PER_MINUTE, exports: env.EXPORT_RATE_LIMIT_PER_MINUTE },
  };
}

/** The schema requires exactly one of the two. */
function tokenKeys(env: Pick<Variables, "JWT_SECRET" | "JWT_JWKS_URI">): TokenKeys {
  return env.JWT_JWKS_URI === undefined
    ? { secret: env.JWT_SECRET ?? "" }
    : { jwksUri: env.JWT_JWKS_URI };
}

function originList(
  value: string,
  helpers: Joi.CustomHelpers,
): readonly string[] | Joi.ErrorReport {
  const origins = value
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "");
  return origins.every(isOrigin) ? origins : helpers.error("any.invalid");
}

/** True for an origin as browsers send it: scheme, host, and the port unless it is the default. */
const isOrigin = (text: string): boolean =>
  /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
