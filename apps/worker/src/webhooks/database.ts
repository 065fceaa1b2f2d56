import { createDatabase, type Database } from "@docket/platform/database";

/** Connections for all attempts and the fan-out; each statement takes milliseconds. */
const WEBHOOK_CONNECTIONS = 8;

/**
 * A pool of its own, so that webhooks whose rows are locked leave the connections of exports and upkeep alone.
 *
 * The outcome of an attempt waits for the lock of its endpoint, which a call of `recover` may hold for seconds. If the wait is too
 * long, the event is sent again after the lease. Claims and the fan-out wait for less (`lockEndpointBriefly`).
 */
export const createWebhookDatabase = (url: string): Database =>
  createDatabase({
    url,
    poolSize: WEBHOOK_CONNECTIONS,
    applicationName: "docket-webhooks",
    statementTimeoutMs: 30_000,
    lockTimeoutMs: 5_000,
  });
