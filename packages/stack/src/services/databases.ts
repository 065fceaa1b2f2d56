import type { EmbeddedPostgres } from "@docket/embedded-postgres";
import { createDatabase, createLogin } from "@docket/platform/database";

import type { Secrets } from "../home/secrets.ts";

const APP_LOGIN = "docket_local";
const QUEUE_LOGIN = "docket_queue";
const QUEUE_DATABASE = "docket_queue";

/** Creates the login of the API and the worker, and returns its URL. The database must have been migrated. */
export async function ensureAppLogin(
  postgres: EmbeddedPostgres,
  secrets: Secrets,
): Promise<string> {
  const login = { name: APP_LOGIN, password: secrets.databasePassword };
  await createLogin(postgres.ownerUrl, login.name, login.password);
  return postgres.url("docket", login);
}

/**
 * Creates the queue's database and returns its URL. Its owner can access nothing else; BullMQ creates its schema there.
 */
export async function ensureQueueDatabase(
  postgres: EmbeddedPostgres,
  secrets: Secrets,
): Promise<string> {
  const login = { name: QUEUE_LOGIN, password: secrets.queuePassword };
  const owner = createDatabase({
    url: postgres.ownerUrl,
    poolSize: 1,
    applicationName: "docket-local",
    statementTimeoutMs: 30_000,
  });
  // DDL takes no parameters. The names are constants and the password is hex, so nothing needs escaping.
  const exists = async (query: string): Promise<boolean> =>
    (await owner.pool.query(query)).rowCount === 1;
  try {
    const hasLogin = await exists(`SELECT FROM pg_roles WHERE rolname = '${login.name}'`);
    await owner.pool.query(
      `${hasLogin ? "ALTER" : "CREATE"} ROLE ${login.name} LOGIN PASSWORD '${login.password}'`,
    );
    if (!(await exists(`SELECT FROM pg_database WHERE datname = '${QUEUE_DATABASE}'`))) {
      // Only a member of a role can create a database for it.
      await owner.pool.query(`GRANT ${login.name} TO CURRENT_USER`);
      await owner.pool.query(`CREATE DATABASE ${QUEUE_DATABASE} OWNER ${login.name}`);
    }
  } finally {
    await owner.close();
  }
  return postgres.url(QUEUE_DATABASE, login);
}
