import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { createDocket, type Docket } from "@docket/client";
import { DEMO_SUBJECT, DEMO_TENANT, ensureDemoTenant } from "@docket/demo-data";
import { signToken } from "@docket/stack";
import {
  createSlowProxy,
  createTestDatabase,
  embeddedStorage,
  waitFor,
  type SlowProxy,
  type TestDatabase,
} from "@docket/testing";
import { migrate, schemaStatus } from "@docket/migrations";
import { createEmptyDatabase, type EmptyDatabase } from "./support/empty-database.ts";
import {
  buildRelease,
  currentRelease,
  deploySchemaOf,
  startApi,
  startWorker,
  type Process,
} from "./support/release.ts";

/** The last commit of the previous version. */
const PREVIOUS = "f81474a";
const REPORTS = ["MATCHED", "UNMATCHED", "VARIANCE", "EXCEPTIONS"] as const;
const FORMATS = ["CSV", "JSON", "XML"] as const;
const TODAY = "2026-06-30";
const RANGE = { dateFrom: "2025-07-01", dateTo: TODAY };
/** An export at this rate outlasts a migration. */
const SLOW_BYTES_PER_SECOND = 100_000;

jest.setTimeout(300_000);

const secret = randomBytes(32).toString("hex");
let previous: string;
let database: EmptyDatabase;
let queue: TestDatabase;
let proxy: SlowProxy;
let environment: Record<string, string>;
let processes: Process[] = [];
let client: Docket;
let contextId: string;
let digests: Readonly<Record<string, string>>;

/** Starts the API and one worker of a release, and directs the client to them. */
async function startRelease(release: string): Promise<void> {
  const api = await startApi(release, environment);
  processes = [api, startWorker(release, environment)];
  const token = signToken(secret, { tenant: DEMO_TENANT, subject: DEMO_SUBJECT });
  client = createDocket({ baseUrl: api.address, token });
}

async function stopRelease(): Promise<void> {
  await Promise.all(processes.map((each) => each.kill()));
  processes = [];
}

const order = async (reportType: string, format: string): Promise<string> =>
  (await client.exportJobs.create(contextId, { reportType, format, ...RANGE })).jobId;

async function digestOf(jobId: string): Promise<string> {
  const job = await client.exportJobs.waitFor(jobId, { signal: AbortSignal.timeout(60_000) });
  expect(job).toMatchObject({ status: "SUCCEEDED", attempts: 0 });
  const { sha256, stream } = await client.exportJobs.download(jobId);
  // Reading fails when the bytes have another digest.
  await stream.pipeTo(new WritableStream());
  return sha256;
}

/** The SHA-256 of each report in each format. */
async function exportEverything(): Promise<Readonly<Record<string, string>>> {
  const names = REPORTS.flatMap((report) => FORMATS.map((format) => [report, format] as const));
  const entries = names.map(async ([report, format]) => {
    const digest = await digestOf(await order(report, format));
    return [`${report} ${format}`, digest] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

beforeAll(async () => {
  previous = await buildRelease(PREVIOUS);
  [database, queue] = await Promise.all([createEmptyDatabase(), createTestDatabase()]);
  await deploySchemaOf(previous, database.ownerUrl);
  const { config } = await embeddedStorage().create();
  proxy = await createSlowProxy(config.endpoint!);
  environment = {
    DATABASE_URL: database.appUrl,
    QUEUE_URL: queue.ownerUrl,
    S3_ENDPOINT: proxy.url,
    S3_REGION: config.region,
    S3_BUCKET: config.bucket,
    S3_ACCESS_KEY_ID: config.accessKeyId!,
    S3_SECRET_ACCESS_KEY: config.secretAccessKey!,
    S3_FORCE_PATH_STYLE: "true",
    JWT_SECRET: secret,
    RATE_LIMIT_PER_MINUTE: "0",
    EXPORT_RATE_LIMIT_PER_MINUTE: "0",
  };
  await startRelease(previous);
  const context = await ensureDemoTenant(client, TODAY, () => undefined);
  contextId = context.id;
  digests = await exportEverything();
});

afterAll(async () => {
  await stopRelease();
  await proxy?.close();
  await Promise.all([database?.drop(), queue?.drop()]);
  if (previous !== undefined) await rm(previous, { recursive: true, force: true });
});

test("an export of the previous release survives the migration", async () => {
  proxy.requests.set(SLOW_BYTES_PER_SECOND);
  const jobId = await order("MATCHED", "CSV");
  await waitFor(async () => (await client.exportJobs.get(jobId)).status === "RUNNING");
  await migrate(database.ownerUrl);
  expect((await client.exportJobs.get(jobId)).status).toBe("RUNNING");
  proxy.requests.set(Infinity);
  expect(await digestOf(jobId)).toBe(digests["MATCHED CSV"]);
});

test("the previous release keeps working on the migrated database", async () => {
  await expect(schemaStatus(database.ownerUrl)).resolves.toContain("up to date");
  expect(await exportEverything()).toEqual(digests);
  const { counts } = await client.contexts.get(contextId);
  const source = await client.sources.create(contextId, {
    name: "Card acquirer",
    type: "GATEWAY",
    side: "LEFT",
  });
  const transaction = { source: source.name, externalId: "A-1", amount: "12.50", currency: "EUR" };
  await client.records.push(contextId, "transactions", [{ ...transaction, date: "2020-01-01" }]);
  await client.records.push(contextId, "match-groups", [
    { externalId: "G-A-1", items: [{ source: source.name, transaction: "A-1" }] },
  ]);
  expect((await client.contexts.get(contextId)).counts).toMatchObject({
    transactions: counts.transactions + 1,
    matched: counts.matched + 1,
    matchGroups: counts.matchGroups + 1,
  });
});

test("this release exports the same bytes from the migrated database", async () => {
  const { counts } = await client.contexts.get(contextId);
  await stopRelease();
  await startRelease(currentRelease);
  expect((await client.contexts.get(contextId)).counts).toEqual(counts);
  expect(await exportEverything()).toEqual(digests);
});
