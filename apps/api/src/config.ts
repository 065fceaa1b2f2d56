import {
  port,
  readEnvironment,
  sharedVariables,
  operationsConfig,
  storageConfig,
  type Environment,
  type SharedVariables,
} from "@docket/platform";
import Joi from "joi";

type Variables = SharedVariables & {
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

/** S3 signs no URL for longer than a week. */
const LONGEST_PRESIGN_SECONDS = 604_800;

const variables: Joi.PartialSchemaMap<Variables> = {
  ...sharedVariables,
  PORT: port().default(3_000),
  JWT_SECRET: Joi.string()
    .when("JWT_JWKS_URI", { is: Joi.exist(), otherwise: Joi.required() })
    .when("JWT_JWKS_URI", { not: Joi.exist(), otherwise: Joi.forbidden() })
    .messages({
      "any.required": "JWT_SECRET or JWT_JWKS_URI is required",
      "any.unknown":
        "JWT_SECRET must not be set beside JWT_JWKS_URI: one of them says who may sign",
    }),
  JWT_JWKS_URI: Joi.string().uri({ scheme: ["http", "https"] }),
  JWT_ISSUER: Joi.string(),
  JWT_AUDIENCE: Joi.string(),
  CORS_ORIGINS: Joi.string().custom(originList).default([]).messages({
    "any.invalid":
      "CORS_ORIGINS must be origins such as https://app.example.com, separated by commas",
  }),
  EXPORT_MAX_SPAN_DAYS: Joi.number().integer().min(0).max(36_500).default(365),
  EXPORT_URL_TTL_SECONDS: Joi.number().integer().min(1).max(LONGEST_PRESIGN_SECONDS).default(900),
  EXPORT_MAX_ACTIVE_PER_TENANT: Joi.number().integer().min(0).max(1_000_000).default(100),
  RATE_LIMIT_PER_MINUTE: Joi.number().integer().min(0).max(1_000_000).default(1_000),
  EXPORT_RATE_LIMIT_PER_MINUTE: Joi.number().integer().min(0).max(1_000_000).default(60),
  // Four ingests hold one each, and something must be left to cancel them and to answer others.
  API_POOL_SIZE: Joi.number().integer().min(6).max(200).default(10),
};

/** Who may sign tokens: whoever knows the secret (HS256), or the keys published at a URI (RS256, ES256). */
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
  readonly storage: ReturnType<typeof storageConfig>;
  readonly operations?: ReturnType<typeof operationsConfig>;
  readonly logLevel: string;
  readonly port: number;
  /** Absent: all interfaces, as a container needs it. */
  readonly host?: string;
  readonly token: TokenConfig;
  readonly corsOrigins: readonly string[];
  readonly exportMaxSpanDays: number;
  readonly exportUrlTtlSeconds: number;
  /** Unfinished exports that a tenant may have; 0: any number. */
  readonly exportMaxActivePerTenant: number;
  /** Requests of a principal, and those of them that create exports; 0: any number. */
  readonly perMinute: { readonly all: number; readonly exports: number };
};

/** The API's configuration (contract §6). @throws ConfigError with one line a fault. */
export function apiConfig(environment: Environment): ApiConfig {
  const env = readEnvironment<Variables>(variables, environment);
  return {
    databaseUrl: env.DATABASE_URL,
    poolSize: env.API_POOL_SIZE,
    queueUrl: env.QUEUE_URL,
    storage: storageConfig(env),
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
    exportMaxSpanDays: env.EXPORT_MAX_SPAN_DAYS,
    exportUrlTtlSeconds: env.EXPORT_URL_TTL_SECONDS,
    exportMaxActivePerTenant: env.EXPORT_MAX_ACTIVE_PER_TENANT,
    perMinute: { all: env.RATE_LIMIT_PER_MINUTE, exports: env.EXPORT_RATE_LIMIT_PER_MINUTE },
  };
}

/** The schema lets exactly one of the two through. */
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

/** Browsers send an origin exactly so: scheme, host, port unless it is the default, nothing after. */
const isOrigin = (text: string): boolean =>
  /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
