import type { Lifetime, Logger } from "@docket/platform";
import { createDatabase, type Database } from "@docket/platform/database";
import { serveOperations } from "@docket/platform/monitoring";
import { createExportQueue, type ExportQueue } from "@docket/platform/queue";
import { openRedisCommands } from "@docket/platform/redis";
import { createStorage, type Storage } from "@docket/platform/storage";
import type { ApiConfig } from "./config.ts";
import { createAuthenticate, type Authenticate } from "./http/authenticate.ts";
import { createRateLimits, type RateLimits } from "./http/rate-limits.ts";
import { createApiMetrics, type ApiMetrics } from "./metrics.ts";
import { checkRole, type RoleCheck } from "./role-check.ts";
import { dependenciesOf } from "./health/readiness.ts";

/** All that the handlers share. */
export type ApiContext = {
  readonly config: ApiConfig;
  readonly logger: Logger;
  readonly metrics: ApiMetrics;
  readonly database: Database;
  readonly role: RoleCheck;
  readonly queue: ExportQueue;
  /** Undefined when none is configured: exports and uploads answer 503. */
  readonly storage: Storage | undefined;
  readonly authenticate: Authenticate;
  readonly rateLimits: RateLimits;
  readonly now: () => Date;
};

const STATEMENT_TIMEOUT_MS = 30_000;

/** RFC 7518, §3.2: a key for HS256 has at least the size of its hash. */
const SOUND_SECRET_BYTES = 32;

/** Opens what the API needs; nothing of it has to be up yet. `lifetime` closes it in reverse order. */
export function createContext(config: ApiConfig, logger: Logger, lifetime: Lifetime): ApiContext {
  const database = createDatabase({
    url: config.databaseUrl,
    poolSize: config.poolSize,
    applicationName: "docket-api",
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  });
  lifetime.onClose("database", database.close);
  const role = checkRole(database, logger);
  lifetime.onClose("role check", role.close);
  const queue = createExportQueue({ url: config.queueUrl, logger });
  lifetime.onClose("queue", queue.close);
  const redis = openRedisCommands(config.queueUrl, (error) =>
    logger.debug({ err: error }, "rate limits"),
  );
  if (redis !== undefined) lifetime.onClose("rate limits", redis.close);
  const storage = config.storage === undefined ? undefined : createStorage(config.storage);
  if (storage !== undefined) lifetime.onClose("storage", storage.close);
  const { keys } = config.token;
  if ("secret" in keys && Buffer.byteLength(keys.secret) < SOUND_SECRET_BYTES) {
    logger.warn(`JWT_SECRET is shorter than ${SOUND_SECRET_BYTES} bytes: it can be guessed`);
  }
  return {
    config,
    logger,
    metrics: createApiMetrics(),
    database,
    role,
    queue,
    storage,
    authenticate: createAuthenticate(config.token),
    rateLimits: createRateLimits(config.perMinute, redis, logger),
    now: () => new Date(),
  };
}

/** Serves metrics and health apart from the public port, where `METRICS_PORT` asks for it (contract §6). Resolves with the port. */
export async function serveOperationsOf(
  context: ApiContext,
  lifetime: Lifetime,
): Promise<number | undefined> {
  const { config, logger, metrics } = context;
  if (config.operations === undefined) return undefined;
  const { registry } = metrics;
  const dependencies = dependenciesOf(context);
  const port = await serveOperations(
    { ...config.operations, registry, dependencies, logger },
    lifetime,
  );
  logger.info({ port }, "serving metrics");
  return port;
}
