import { createDatabase, type Database } from "@docket/platform/database";

/** Connections for all attempts and the fan-out; each statement takes milliseconds. */
const WEBHOOK_CONNECTIONS = 8;

/**
 * A pool of its own, so that webhooks whose rows are locked leave the connections of exports and upkeep alone.
 *
 * Others hold the lock of an endpoint for milliseconds. One that was frozen while it held it must not keep all endpoints waiting:
 * a claim is then repeated by the timer, and an attempt whose outcome is not recorded is repeated when its lease has expired.
 */
export const createWebhookDatabase = (url: string): Database =>
  createDatabase({
    url,
    poolSize: WEBHOOK_CONNECTIONS,
    applicationName: "docket-webhooks",
    statementTimeoutMs: 30_000,
    lockTimeoutMs: 1_000,
  });
