import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import pg from "pg";

// Imported by path, because jest loads this file with Node's own resolver, without the condition "@docket/source".
import { createLogin } from "../../platform/src/database/create-login.ts";
import { startPostgres } from "../../embedded-postgres/src/start.ts";
import { migrate } from "../../migrations/src/index.ts";
import { startObjectStore } from "../../object-store/src/index.ts";
import { rememberServers } from "./running-servers.ts";

/** The part of jest's GlobalConfig that selects the tests. */
type Run = {
  readonly rootDir: string;
  readonly runTestsByPath: boolean;
  readonly testPathPatterns: {
    toExecutor(options: { rootDir: string }): { isMatch(path: string): boolean };
  };
};

const TEMPLATE = "docket_template";
const APP = "docket_test_app";

/**
 * Starts a Postgres and an object store for the whole run, and migrates a template database, which `createTestDatabase` copies.
 * Starts nothing if only unit tests will run.
 */
export default async function globalSetup(run: Run): Promise<void> {
  if (!(await hasIntegrationTests(run))) return;
  if (process.env["TEST_CHROMIUM"] === undefined) {
    process.stderr.write("TEST_CHROMIUM is not set: the tests in a browser are left out.\n");
  }
  const directory = await mkdtemp(join(tmpdir(), "docket-test-"));
  const postgres = await startPostgres({
    directory,
    // Faster, and the data need not survive a crash.
    settings: { fsync: "off", synchronous_commit: "off", full_page_writes: "off" },
  });
  const keys = { accessKeyId: "EMBEDDEDTESTKEY", secretAccessKey: randomBytes(20).toString("hex") };
  const store = await startObjectStore({
    directory: join(directory, "objects"),
    region: "us-east-1",
    ...keys,
  });
  rememberServers(async () => {
    await store.close();
    await postgres.close();
    await rm(directory, { recursive: true, force: true });
    await rm(postgres.directory, { recursive: true, force: true });
  });

  const superuserUrl = postgres.superuserUrl;
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    const owner = client.escapeIdentifier(decodeURIComponent(new URL(postgres.ownerUrl).username));
    await client.query(`CREATE DATABASE ${TEMPLATE} OWNER ${owner}`);
    await migrate(postgres.url(TEMPLATE));
    // Postgres does not copy a database that has connections.
    await client.query(`ALTER DATABASE ${TEMPLATE} ALLOW_CONNECTIONS false`);
  } finally {
    await client.end();
  }
  const password = randomBytes(16).toString("hex");
  await createLogin(postgres.ownerUrl, APP, password);

  process.env["TEST_POSTGRES_SUPERUSER_URL"] = superuserUrl;
  process.env["TEST_POSTGRES_OWNER_URL"] = postgres.ownerUrl;
  process.env["TEST_POSTGRES_APP_URL"] = postgres.url("docket", { name: APP, password });
  process.env["TEST_POSTGRES_TEMPLATE"] = TEMPLATE;
  process.env["EMBEDDED_S3_ENDPOINT"] = store.endpoint;
  process.env["EMBEDDED_S3_REGION"] = "us-east-1";
  process.env["EMBEDDED_S3_ACCESS_KEY_ID"] = keys.accessKeyId;
  process.env["EMBEDDED_S3_SECRET_ACCESS_KEY"] = keys.secretAccessKey;
}

async function hasIntegrationTests(run: Run): Promise<boolean> {
  if (run.runTestsByPath) return true;
  const patterns = run.testPathPatterns.toExecutor({ rootDir: run.rootDir });
  for (const folder of ["apps", "packages"]) {
    const files = await readdir(join(run.rootDir, folder), { recursive: true });
    const found = files.some(
      (file) =>
        file.endsWith(".itest.ts") &&
        !file.includes("node_modules") &&
        patterns.isMatch(join(run.rootDir, folder, file)),
    );
    if (found) return true;
  }
  return false;
}
