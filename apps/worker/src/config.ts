import {
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

type Variables = SharedVariables & {
  readonly EXPORT_DATABASE_URL?: string;
  readonly EXPORT_CONCURRENCY: number;
  readonly EXPORT_RETENTION_DAYS: number;
  readonly EVENT_RETENTION_DAYS: number;
  readonly EXPORT_RETRY_BASE_MS: number;
  readonly UPKEEP_INTERVAL_MS: number;
  readonly WEBHOOK_RETRY_BASE_MS: number;
};

const variables: Joi.PartialSchemaMap<Variables> = {
  ...sharedVariables,
  EXPORT_DATABASE_URL: Joi.string().uri({ scheme: ["postgres", "postgresql"] }),
  EXPORT_CONCURRENCY: Joi.number().integer().min(1).max(100).default(2),
  EXPORT_RETENTION_DAYS: Joi.number().integer().min(1).max(3_650).default(7),
  EVENT_RETENTION_DAYS: Joi.number().integer().min(1).max(36_500).default(400),
  EXPORT_RETRY_BASE_MS: Joi.number().integer().min(1).max(600_000).default(5_000),
  // At most 30 s, because a lost job must be requeued within a minute (docs/api.md §2).
  UPKEEP_INTERVAL_MS: Joi.number().integer().min(100).max(30_000).default(10_000),
  WEBHOOK_RETRY_BASE_MS: Joi.number().integer().min(1).max(600_000).default(5_000),
};

export type WorkerConfig = {
  readonly databaseUrl: string;
  readonly exportDatabaseUrl: string;
  readonly queueUrl: string;
  readonly storage: StorageConfig | undefined;
  readonly operations?: ReturnType<typeof operationsConfig>;
  readonly logLevel: string;
  readonly concurrency: number;
  readonly retentionDays: number;
  readonly eventRetentionDays: number;
  readonly retryBaseMs: number;
  readonly upkeepIntervalMs: number;
  /** Undefined if `SECRETS_KEY` is unset: no webhooks are sent. */
  readonly webhooks?: WebhookConfig & { readonly retryBaseMs: number };
};

/** The worker's configuration (docs/api.md §6). @throws ConfigError that lists every fault. */
export function workerConfig(environment: Environment): WorkerConfig {
  const env = readEnvironment<Variables>(variables, environment);
  const webhooks = webhookConfig(env);
  return {
    databaseUrl: env.DATABASE_URL,
    exportDatabaseUrl: env.EXPORT_DATABASE_URL ?? env.DATABASE_URL,
    queueUrl: env.QUEUE_URL,
    storage: storageConfig(env),
    operations: operationsConfig(env),
    logLevel: env.LOG_LEVEL,
    concurrency: env.EXPORT_CONCURRENCY,
    retentionDays: env.EXPORT_RETENTION_DAYS,
    eventRetentionDays: env.EVENT_RETENTION_DAYS,
    retryBaseMs: env.EXPORT_RETRY_BASE_MS,
    upkeepIntervalMs: env.UPKEEP_INTERVAL_MS,
    ...(webhooks && { webhooks: { ...webhooks, retryBaseMs: env.WEBHOOK_RETRY_BASE_MS } }),
  };
}
