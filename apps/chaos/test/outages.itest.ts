import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createLogin } from "@docket/platform/database";
import { createStorage } from "@docket/platform/storage";
import { createFaultProxy, waitFor, type FaultProxy } from "@docket/testing";
import pg from "pg";
import { migrate } from "@docket/migrations";
import { signToken } from "@docket/stack";
import { startPostgres, type EmbeddedPostgres } from "@docket/embedded-postgres";
import { startObjectStore, type ObjectStore } from "@docket/object-store";

jest.setTimeout(180_000);

const SECRET = "a secret of this test, long enough for HS256";
const KEYS = { accessKeyId: "KEY", secretAccessKey: "secret", region: "us-east-1" };

/** A real API and a real worker, built, as processes that nobody starts again; Postgres and the store are this test's own. */
let directory: string;
let postgres: EmbeddedPostgres;
let store: ObjectStore;
let proxy: FaultProxy;
let api: Started;
let worker: Started;
let address: string;
let contextId: string;

type LogLine = Readonly<Record<string, unknown>>;
type Started = { readonly child: ChildProcess; readonly log: LogLine[] };

function start(app: "api" | "worker", environment: Readonly<Record<string, string>>): Started {
  const main = fileURLToPath(new URL(`../../${app}/dist/main.js`, import.meta.url));
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env["PATH"], ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const log: LogLine[] = [];
  let rest = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) log.push(JSON.parse(line) as LogLine);
  });
  return { child, log };
}

const says = (started: Started, msg: string): Promise<LogLine> =>
  waitFor(() => started.log.find((line) => line["msg"] === msg), { timeoutMs: 60_000 });

const runPostgres = (port?: number): Promise<EmbeddedPostgres> =>
  startPostgres({ directory: join(directory, "postgres"), ...(port !== undefined && { port }) });

const tenant = randomUUID();
const bearer = (): string => `Bearer ${signToken(SECRET, { tenant, subject: "tester" })}`;

/** Asks the API, and answers with the status and the body. */
async function call(method: string, path: string, body?: object) {
  const response = await fetch(`${address}${path}`, {
    method,
    headers: {
      authorization: bearer(),
      "content-type": "application/json",
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: JSON.parse(text) };
}

const orderExport = async (): Promise<string> => {
  const order = { reportType: "UNMATCHED", format: "CSV", dateFrom: "2026-01-01" };
  const { status, body } = await call("POST", `/v1/contexts/${contextId}/export-jobs`, {
    ...order,
    dateTo: "2026-12-31",
  });
  expect(status).toBe(202);
  return body.jobId;
};

const becomes = (jobId: string, wanted: string) =>
  waitFor(
    async () => {
      const { body } = await call("GET", `/v1/export-jobs/${jobId}`);
      return body.status === wanted && body;
    },
    { timeoutMs: 60_000, everyMs: 100 },
  );

const isEmpty = async (): Promise<boolean> => {
  const storage = createStorage({ ...KEYS, endpoint: store.endpoint, bucket: "docket" });
  try {
    for await (const _ of storage.listUploads("")) return false;
    for await (const _ of storage.list("")) return false;
    return true;
  } finally {
    await storage.close();
  }
};

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "docket-outages-"));
  postgres = await runPostgres();
  await migrate(postgres.ownerUrl);
  await createLogin(postgres.ownerUrl, "app", "app");
  store = await startObjectStore({ directory: join(directory, "objects"), ...KEYS });
  proxy = await createFaultProxy(store.endpoint);
  const shared = {
    DATABASE_URL: postgres.url("docket", { name: "app", password: "app" }),
    QUEUE_URL: postgres.ownerUrl,
    S3_ENDPOINT: proxy.through(store.endpoint),
    S3_BUCKET: "docket",
    S3_ACCESS_KEY_ID: KEYS.accessKeyId,
    S3_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
  };
  const storage = createStorage({ ...KEYS, endpoint: store.endpoint, bucket: "docket" });
  await storage.ensureBucket();
  await storage.close();
  api = start("api", { ...shared, PORT: "0", HOST: "127.0.0.1", JWT_SECRET: SECRET });
  worker = start("worker", { ...shared, EXPORT_RETRY_BASE_MS: "50", UPKEEP_INTERVAL_MS: "1000" });
  address = `http://127.0.0.1:${String((await says(api, "listening"))["port"])}`;
  await says(worker, "ready");

  contextId = (await call("POST", "/v1/contexts", { name: "Bank against ledger" })).body.id;
  const source = { name: "Bank", type: "BANK", side: "LEFT" };
  await call("POST", `/v1/contexts/${contextId}/sources`, source);
  const lines = Array.from({ length: 5_000 }, (_, index) => ({
    source: "Bank",
    externalId: `T${index}`,
    amount: "1.5",
    currency: "EUR",
    date: "2026-03-01",
  }));
  const ndjson = lines.map((line) => JSON.stringify(line)).join("\n");
  const loaded = await fetch(`${address}/v1/contexts/${contextId}/records/transactions`, {
    method: "POST",
    headers: {
      authorization: bearer(),
      "content-type": "application/x-ndjson",
    },
    body: ndjson,
  });
  expect(loaded.status).toBe(200);
  // 40 MB: more than an upload holds in memory, so that a slow store holds the COPY up.
  const owner = new pg.Client({ connectionString: postgres.ownerUrl });
  await owner.connect();
  await owner.query("UPDATE transactions SET description = repeat(md5(external_id), 250)");
  await owner.end();
});

afterAll(async () => {
  const ended = [api, worker].map(
    ({ child }) => new Promise((resolve) => child.once("exit", resolve)),
  );
  for (const { child } of [api, worker]) child.kill("SIGTERM");
  await Promise.all(ended);
  await proxy.close();
  await store.close();
  await postgres.close();
  await rm(directory, { recursive: true, force: true });
  await rm(postgres.directory, { recursive: true, force: true });
});

const runsOf = (jobId: string): number =>
  worker.log.filter((line) => line["jobId"] === jobId && line["status"] === "RUNNING").length;

test("a store that is away costs exactly four attempts, and then the job is FAILED", async () => {
  await proxy.refuse();
  const jobId = await orderExport();
  const job = await becomes(jobId, "FAILED");
  expect(job).toMatchObject({
    attempts: 4,
    errorCode: "storage_unavailable",
    error: "The object storage is not available.",
  });
  expect(runsOf(jobId)).toBe(4);
  await proxy.pass();
  await waitFor(isEmpty, { timeoutMs: 60_000, everyMs: 500 });
});

test("Postgres restarts in the middle of an export: 503 meanwhile, and everything goes on by itself", async () => {
  // The store takes it slowly: the COPY waits for it.
  proxy.slowDown(1_000_000);
  const jobId = await orderExport();
  await becomes(jobId, "RUNNING");
  const { port } = postgres;
  await postgres.close();

  const refused = await call("GET", `/v1/export-jobs/${jobId}`);
  expect(refused).toMatchObject({ status: 503, body: { code: "dependency_unavailable" } });
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  const unready = await call("GET", "/readyz");
  expect(unready.status).toBe(503);
  expect(unready.body.checks).toMatchObject({ database: "down", queue: "down", storage: "up" });

  // Whether the worker could still hand it back depends on which connection the server ended first.
  await waitFor(() =>
    worker.log.some(
      (line) =>
        line["jobId"] === jobId &&
        ["export job handed back", "job delivery failed", "a delivery came to nothing"].includes(
          String(line["msg"]),
        ),
    ),
  );
  postgres = await runPostgres(port);
  await proxy.pass();
  const job = await becomes(jobId, "SUCCEEDED");
  expect(job).toMatchObject({ attempts: 0, recordsWritten: 5_000 });
  expect(runsOf(jobId)).toBe(2);
  expect((await call("GET", "/readyz")).status).toBe(200);
  // The same processes.
  expect([api, worker].map(({ child }) => child.exitCode)).toEqual([null, null]);
  expect(await becomes(await orderExport(), "SUCCEEDED")).toMatchObject({ attempts: 0 });
});
