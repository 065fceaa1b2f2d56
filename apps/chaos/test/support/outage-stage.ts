import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createDocket, type Docket } from "@docket/client";
import { startPostgres, type EmbeddedPostgres } from "@docket/embedded-postgres";
import { migrate } from "@docket/migrations";
import { startObjectStore } from "@docket/object-store";
import { createLogin } from "@docket/platform/database";
import { createStorage } from "@docket/platform/storage";
import { API_PROGRAM, signToken, WORKER_PROGRAM } from "@docket/stack";
import { createFaultProxy, waitFor } from "@docket/testing";
import pg from "pg";

import { createCaller } from "./api-calls.ts";
import { startApp } from "./app-process.ts";
import { listStored, storeVariables } from "./store.ts";

const JWT_SECRET = "a secret of this test, long enough for HS256";
const KEYS = { accessKeyId: "KEY", secretAccessKey: "secret", region: "us-east-1" };

/** The body of a job, as far as tests look at it. */
export type JobBody = Readonly<Record<string, unknown>> & { readonly status: string };

export type OutageStage = Awaited<ReturnType<typeof createOutageStage>>;

/**
 * Starts the API and one worker on a Postgres and a store that can be taken away. Nothing restarts the two processes.
 * The context holds 5,000 transactions of 8 kB: an export of 40 MB does not fit into the worker's buffers, so a slow store
 * blocks its COPY.
 */
export async function createOutageStage() {
  const directory = await mkdtemp(join(tmpdir(), "docket-outages-"));
  const run = (port?: number): Promise<EmbeddedPostgres> =>
    startPostgres({ directory: join(directory, "postgres"), ...(port !== undefined && { port }) });
  let postgres = await run();
  await migrate(postgres.ownerUrl);
  await createLogin(postgres.ownerUrl, "app", "app");
  const store = await startObjectStore({ directory: join(directory, "objects"), ...KEYS });
  const proxy = await createFaultProxy(store.endpoint);
  const config = { ...KEYS, endpoint: store.endpoint, bucket: "docket" };
  const storage = createStorage(config);
  await storage.ensureBucket();

  const shared = {
    DATABASE_URL: postgres.url("docket", { name: "app", password: "app" }),
    QUEUE_URL: postgres.ownerUrl,
    ...storeVariables({ ...config, endpoint: proxy.through(store.endpoint) }),
  };
  const [api, worker] = await Promise.all([
    startApp({
      program: API_PROGRAM,
      readyMessage: "listening",
      environment: { ...shared, PORT: "0", HOST: "127.0.0.1", JWT_SECRET },
    }),
    startApp({
      program: WORKER_PROGRAM,
      readyMessage: "ready",
      environment: { ...shared, EXPORT_RETRY_BASE_MS: "50", UPKEEP_INTERVAL_MS: "1000" },
    }),
  ]);
  const address = `http://127.0.0.1:${String(api.ready["port"])}`;
  const token = signToken(JWT_SECRET, { tenant: randomUUID(), subject: "tester" });
  const client = createDocket({ baseUrl: address, token });
  const contextId = await loadTransactions(client, postgres);
  const call = createCaller(address, token);

  return {
    proxy,
    call,
    worker,
    stopPostgres: () => postgres.close(),
    /** Starts Postgres again on the same port. */
    restartPostgres: async (): Promise<void> => {
      postgres = await run(postgres.port);
    },
    createExport: async (): Promise<string> => {
      const request = { reportType: "UNMATCHED", format: "CSV" };
      const range = { dateFrom: "2026-01-01", dateTo: "2026-12-31" };
      return (await client.exportJobs.create(contextId, { ...request, ...range })).jobId;
    },
    waitForStatus: (jobId: string, status: string): Promise<JobBody> =>
      waitFor(
        async () => {
          const { body } = await call<JobBody>("GET", `/v1/export-jobs/${jobId}`);
          return body.status === status && body;
        },
        { timeoutMs: 60_000, everyMs: 100 },
      ),
    countAttempts: (jobId: string): number =>
      worker.log.filter((entry) => entry["jobId"] === jobId && entry["status"] === "RUNNING")
        .length,
    listStored: () => listStored(storage),
    /** @returns how the two processes ended */
    close: async (): Promise<readonly string[]> => {
      await Promise.all([api.stop(), worker.stop()]);
      await storage.close();
      await proxy.close();
      await store.close();
      await postgres.close();
      await rm(directory, { recursive: true, force: true });
      await rm(postgres.directory, { recursive: true, force: true });
      return Promise.all([api.ended, worker.ended]);
    },
  };
}

async function loadTransactions(client: Docket, { ownerUrl }: EmbeddedPostgres): Promise<string> {
  const { id: contextId } = await client.contexts.create({ name: "Bank against ledger" });
  await client.sources.create(contextId, { name: "Bank", type: "BANK", side: "LEFT" });
  const transactions = Array.from({ length: 5_000 }, (_, index) => ({
    source: "Bank",
    externalId: `T${index}`,
    amount: "1.5",
    currency: "EUR",
    date: "2026-03-01",
  }));
  await client.records.push(contextId, "transactions", transactions);
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  await owner.query("UPDATE transactions SET description = repeat(md5(external_id), 250)");
  await owner.end();
  return contextId;
}
