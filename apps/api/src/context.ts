import { createSealer, type Lifetime, type Logger, type Sealer } from "@docket/platform";
import {
  checkRole,
  createDatabase,
  type Database,
  type RoleCheck,
} from "@docket/platform/database";
import { createReadinessCheck, serveOperations, type Readiness } from "@docket/platform/monitoring";
import { createOutboundPolicy, type OutboundPolicy } from "@docket/platform/outbound";
import { createExportQueue, type ExportQueue } from "@docket/platform/queue";
import { createSequencer, type CreateExportLimits, type Sequencer } from "@docket/platform/rows";
import { openRedisCommands } from "@docket/platform/redis";
import { createStorage, type Storage } from "@docket/platform/storage";
import type { ApiConfig } from "./config.ts";
import { createBulkPacing, type BulkPacing } from "./http/bulk-pacing.ts";
import { createExportCreator, type ExportCreator } from "./exports/create.ts";
import { createPollExport, type PollExport } from "./exports/poll.ts";
import { createEventStreams, type EventStreams } from "./events/stream/streams.ts";
import { createAuthenticate, type Authenticate } from "./http/auth/authenticate.ts";
import { createRateLimits, type RateLimits } from "./http/rate-limits.ts";
import { createTurns, type Turns } from "./http/turns.ts";
import { createApiMetrics, type ApiMetrics } from "./metrics.ts";
import { createSemaphores, type Semaphores } from "./semaphores.ts";
import { createSharedRuns, type ShareRun } from "./shared-runs.ts";

/** What the handlers share. */
export type ApiContext = {
  readonly config: ApiConfig;
  readonly logger: Logger;
  readonly metrics: ApiMetrics;
  readonly database: Database;
  readonly role: RoleCheck;
  readonly queue: ExportQueue;
  /** Undefined when not configured: exports and uploads are then refused with 503. */
  readonly storage: Storage | undefined;
  /** Undefined when not configured: the calls of webhooks are then refused with 503. */
  readonly webhooks: WebhookTools | undefined;
  /** The state of the dependencies, for `/readyz`. */
  readonly checkReadiness: () => Promise<Readiness>;
  readonly authenticate: Authenticate;
  readonly rateLimits: RateLimits;
  readonly semaphores: Semaphores;
  readonly pacing: BulkPacing;
  readonly turns: Turns;
  /** Numbers the events of all tenants once `main` has started it. */
  readonly sequencer: Sequencer;
  readonly streams: EventStreams;
  readonly exports: ExportCreator;
  readonly pollExport: PollExport;
  /** Simultaneous requests for one summary share a read. */
  readonly shareSummary: ShareRun<object>;
  readonly now: () => Date;
};

const exportLimits = ({ storage, exportMaxActivePerTenant }: ApiConfig): CreateExportLimits => ({
  isStorageConfigured: storage !== undefined,
  maxActive: exportMaxActivePerTenant,
});

type WebhookTools = { readonly sealer: Sealer; readonly policy: OutboundPolicy };

const createWebhookTools = (config: ApiConfig["webhooks"]): WebhookTools | undefined =>
  config && {
    sealer: createSealer(config.secretsKeys),
    policy: createOutboundPolicy(config.allowedNetworks),
  };

/** Outside transactions, that is for reads. */
const STATEMENT_TIMEOUT_MS = 5_000;
const TRANSACTION_STATEMENT_TIMEOUT_MS = 30_000;

/** Opens the connections of the API; none of its dependencies has to be up. `lifetime` closes them in reverse order. */
export function createContext(config: ApiConfig, logger: Logger, lifetime: Lifetime): ApiContext {
  const semaphores = createSemaphores(config.poolSize);
  const turns = createTurns();
  const database = createDatabase({
    url: config.databaseUrl,
    poolSize: config.poolSize,
    applicationName: "docket-api",
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    transactionStatementTimeoutMs: TRANSACTION_STATEMENT_TIMEOUT_MS,
    gate: async (tenantId) => (await semaphores.connections.acquire(tenantId)).release,
  });
  lifetime.onClose("database", database.close);
  const role = checkRole(database, logger);
  lifetime.onClose("role check", role.close);
  const events = createEvents(database, logger, lifetime);
  const queue = createExportQueue({ url: config.queueUrl, logger });
  lifetime.onClose("queue", queue.close);
  const redis = openRedisCommands(config.queueUrl, (error) =>
    logger.debug({ err: error }, "redis connection of the rate limits failed"),
  );
  if (redis !== undefined) lifetime.onClose("rate limits", redis.close);
  const storage = config.storage === undefined ? undefined : createStorage(config.storage);
  if (storage !== undefined) lifetime.onClose("storage", storage.close);
  return {
    config,
    logger,
    metrics: createApiMetrics(events.streams.count),
    database,
    role,
    queue,
    storage,
    webhooks: createWebhookTools(config.webhooks),
    checkReadiness: createReadinessCheck(
      { database: pingOf(database, role), queue: queue.ping, storage: storage?.ping },
      logger,
    ),
    authenticate: createAuthenticate(config.token),
    rateLimits: createRateLimits(config.perMinute, redis, logger),
    semaphores,
    pacing: createBulkPacing(turns),
    turns,
    ...events,
    exports: createExportCreator(database, exportLimits(config)),
    pollExport: createPollExport(database),
    shareSummary: createSharedRuns(),
    now: () => new Date(),
  };
}

const pingOf = (database: Database, role: RoleCheck) => async (): Promise<void> => {
  await database.ping();
  if (!role.isBound()) throw new Error("the database login has not been checked yet");
};

function createEvents(
  database: Database,
  logger: Logger,
  lifetime: Lifetime,
): Pick<ApiContext, "sequencer" | "streams"> {
  const streams = createEventStreams({ database, logger });
  lifetime.onClose("streams", streams.close);
  const sequencer = createSequencer({ pool: database.pool, logger, onNumbered: streams.wake });
  lifetime.onClose("sequencer", sequencer.close);
  return { sequencer, streams };
}

/** Serves metrics and health on a port of their own if `METRICS_PORT` is set (docs/api.md §6). Resolves with the port. */
export async function startOperations(
  { config, logger, metrics: { registry }, checkReadiness }: ApiContext,
  lifetime: Lifetime,
): Promise<number | undefined> {
  if (config.operations === undefined) return undefined;
  const port = await serveOperations(
    { ...config.operations, registry, checkReadiness, logger },
    lifetime,
  );
  logger.info({ port }, "serving metrics");
  return port;
}
