import { createHash, randomUUID } from "node:crypto";
import {
  createDatabase,
  CONNECTIONS_PER_SNAPSHOT,
  withTenant,
  type Database,
} from "@docket/platform/database";
import type { ExportMessage } from "@docket/platform/queue";
import { createTestDatabase, embeddedStorage, type StorageTarget } from "@docket/testing";
import pg from "pg";
import { pino } from "pino";
import { createJobRows } from "../../src/exports/job-rows.ts";
import type { ExportHelpers } from "../../src/exports/run-export.ts";
import { createWorkerMetrics } from "../../src/metrics.ts";

/** A tenant with a context of `transactions` unmatched transactions on a database and a bucket of its own. */
export async function createStage(target: StorageTarget = embeddedStorage()) {
  const test = await createTestDatabase();
  const database: Database = createDatabase({
    url: test.appUrl,
    poolSize: 8,
    applicationName: "worker-test",
    statementTimeoutMs: 30_000,
  });
  const source: Database = createDatabase({
    url: test.appUrl,
    poolSize: 3 * CONNECTIONS_PER_SNAPSHOT,
    applicationName: "export-test",
    statementTimeoutMs: 0,
  });
  const { storage, config } = await target.create();
  const owner = new pg.Client({ connectionString: test.ownerUrl });
  const superuser = new pg.Client({ connectionString: test.superuserUrl });
  await Promise.all([owner.connect(), superuser.connect()]);
  const tenantId = randomUUID();
  const contextId = await withTenant(tenantId, () => addContext(database, tenantId, 1_000));
  const queued: { message: ExportMessage; claim: number; delayMs: number | undefined }[] = [];
  const shutdown = new AbortController();

  const helpers: ExportHelpers = {
    rows: createJobRows(database),
    pool: source.pool,
    queue: {
      add: async (message, { claim, delayMs }) => {
        queued.push({ message, claim, delayMs });
      },
    },
    storage,
    logger: pino({ level: "silent" }),
    metrics: createWorkerMetrics(),
    shutdown: shutdown.signal,
    retentionDays: 7,
    retryBaseMs: 5_000,
    random: () => 0.5,
  };

  return {
    /** Its database, as the worker and as the owner connect to it. */
    urls: { app: test.appUrl, owner: test.ownerUrl },
    tenantId,
    contextId,
    database,
    storage,
    storageConfig: config,
    /** As the owner of the tables: sees every tenant. */
    owner,
    /** Sees and ends other roles' connections. */
    superuser,
    helpers,
    /** What was asked of the queue. */
    queued,
    shutdown,
    orderExport: (changes: Record<string, unknown> = {}): Promise<ExportMessage> =>
      withTenant(tenantId, async () => {
        const { id } = await database.prisma.exportJob.create({
          data: {
            tenantId,
            contextId,
            reportType: "UNMATCHED",
            format: "CSV",
            dateFrom: new Date("2026-01-01"),
            dateTo: new Date("2026-12-31"),
            requestedBy: "tester",
            ...changes,
          },
        });
        return { tenantId, jobId: id };
      }),
    job: ({ jobId }: ExportMessage) =>
      withTenant(tenantId, () =>
        database.prisma.exportJob.findFirstOrThrow({ where: { id: jobId } }),
      ),
    notes: () => withTenant(tenantId, () => database.prisma.storedObject.findMany()),
    keys: async (): Promise<string[]> => {
      const keys: string[] = [];
      for await (const { key } of storage.list("")) keys.push(key);
      return keys;
    },
    uploads: async (): Promise<string[]> => {
      const keys: string[] = [];
      for await (const { key } of storage.listUploads("")) keys.push(key);
      return keys;
    },
    download: async (key: string): Promise<{ text: string; sha256: string }> => {
      const url = await storage.presignDownload({
        key,
        fileName: "x.csv",
        contentType: "text/csv",
        expiresInSeconds: 60,
      });
      const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
      return { text: bytes.toString(), sha256: createHash("sha256").update(bytes).digest("hex") };
    },
    close: async (): Promise<void> => {
      await Promise.all([owner.end(), superuser.end()]);
      await Promise.all([database.close(), source.close()]);
      await storage.close();
      await test.drop();
    },
  };
}

export type Stage = Awaited<ReturnType<typeof createStage>>;

async function addContext(
  database: Database,
  tenantId: string,
  transactions: number,
): Promise<string> {
  const { id: contextId } = await database.prisma.context.create({
    data: { tenantId, name: "Bank against ledger" },
  });
  const { id: sourceId } = await database.prisma.source.create({
    data: { tenantId, contextId, name: "Bank", type: "BANK", side: "LEFT" },
  });
  await database.prisma.$executeRaw`
    INSERT INTO transactions (tenant_id, context_id, source_id, external_id, amount, currency, date)
    SELECT ${tenantId}::uuid, ${contextId}::uuid, ${sourceId}::uuid, 'T' || n, n, 'EUR', '2026-03-01Z'::timestamptz + n * interval '1 minute'
    FROM generate_series(1, ${transactions}) n`;
  return contextId;
}

/** Makes every read of transactions wait until it is released: an export that has begun and cannot go on. */
export async function holdExports(stage: Stage): Promise<{ release: () => Promise<void> }> {
  await stage.owner.query("BEGIN");
  await stage.owner.query("LOCK TABLE transactions IN ACCESS EXCLUSIVE MODE");
  return {
    release: async () => {
      await stage.owner.query("ROLLBACK");
    },
  };
}
