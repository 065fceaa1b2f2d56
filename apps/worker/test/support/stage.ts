import { createHash } from "node:crypto";
import {
  createDatabase,
  CONNECTIONS_PER_SNAPSHOT,
  withTenant,
  type Database,
  type Prisma,
} from "@docket/platform/database";
import type { ExportMessage } from "@docket/platform/queue";
import { BUFFERS_PER_UPLOAD, createBufferPool, type Storage } from "@docket/platform/storage";
import {
  addContext,
  createDatabaseStage,
  embeddedStorage,
  type StorageTarget,
} from "@docket/testing";
import pg from "pg";
import { pino } from "pino";
import type { ExportTools } from "../../src/exports/tools.ts";
import { createWorkerMetrics } from "../../src/metrics.ts";

/** A message, as the queue would receive it. */
export type Enqueued = {
  readonly message: ExportMessage;
  readonly claim: number;
  readonly delayMs: number | undefined;
};

type JobColumns = Partial<Prisma.ExportJobUncheckedCreateInput>;

/** A database and a bucket for one test, with a tenant whose context has 1,000 unmatched transactions. */
export async function createStage(target: StorageTarget = embeddedStorage()) {
  const { test, database, owner, close } = await createDatabaseStage();
  const exportDatabase = createDatabase({
    url: test.appUrl,
    poolSize: 3 * CONNECTIONS_PER_SNAPSHOT,
    applicationName: "export-test",
    statementTimeoutMs: 0,
  });
  const { storage, config: storageConfig } = await target.create();
  const superuser = new pg.Client({ connectionString: test.superuserUrl });
  await superuser.connect();
  const { tenantId, contextId } = await addContext(database, { transactions: 1_000 });

  return {
    /** The URLs of the database, for the worker and for the owner of the tables. */
    urls: { app: test.appUrl, owner: test.ownerUrl },
    tenantId,
    contextId,
    database,
    storage,
    storageConfig,
    /** Connected as the owner of the tables, who sees every tenant. */
    owner,
    /** Can see and terminate the connections of all roles. */
    superuser,
    /** Ends the wait of a job before its next attempt. */
    makeDue: ({ jobId }: ExportMessage) =>
      owner.query("UPDATE export_jobs SET run_after = now() WHERE id = $1", [jobId]),
    ...createTools(database, exportDatabase, storage),
    ...rowsOf(database, { tenantId, contextId }),
    ...filesOf(storage),
    close: async (): Promise<void> => {
      await superuser.end();
      await exportDatabase.close();
      await storage.close();
      await close();
    },
  };
}

export type Stage = Awaited<ReturnType<typeof createStage>>;

/** The tools of an export, with a queue that only records what is enqueued. */
function createTools(database: Database, exportDatabase: Database, storage: Storage) {
  const enqueued: Enqueued[] = [];
  const shutdown = new AbortController();
  const tools: ExportTools = {
    database,
    exportPool: exportDatabase.pool,
    pingExportDatabase: exportDatabase.ping,
    queue: {
      add: async (message, { claim, delayMs }) => {
        enqueued.push({ message, claim, delayMs });
      },
    },
    storage,
    bufferPool: createBufferPool(BUFFERS_PER_UPLOAD),
    logger: pino({ level: "silent" }),
    metrics: createWorkerMetrics(),
    shutdown: shutdown.signal,
    retentionDays: 7,
    retryBaseMs: 5_000,
    random: () => 0.5,
  };
  return { tools, enqueued, shutdown };
}

function rowsOf(
  { prisma }: Database,
  tenant: { readonly tenantId: string; readonly contextId: string },
) {
  const { tenantId } = tenant;
  const inTenant = <T>(work: () => Promise<T>): Promise<T> => withTenant(tenantId, work);
  const defaults = {
    ...tenant,
    reportType: "UNMATCHED",
    format: "CSV",
    dateFrom: new Date("2026-01-01"),
    dateTo: new Date("2026-12-31"),
    requestedBy: "tester",
  };
  return {
    inTenant,
    /** Inserts an export job and returns its message. */
    createExport: async (columns: JobColumns = {}): Promise<ExportMessage> => {
      const data = { ...defaults, ...columns };
      const { id: jobId } = await inTenant(async () => prisma.exportJob.create({ data }));
      return { tenantId, jobId };
    },
    job: ({ jobId }: ExportMessage) =>
      inTenant(async () => prisma.exportJob.findFirstOrThrow({ where: { id: jobId } })),
    /** The rows of the tenant's stored objects. */
    storedObjects: () => inTenant(async () => prisma.storedObject.findMany()),
  };
}

function filesOf(storage: Storage) {
  return {
    keys: () => keysOf(storage.list("")),
    /** The keys of the unfinished uploads, of all jobs or of one. */
    uploads: async ({ jobId = "" }: Partial<ExportMessage> = {}) =>
      (await keysOf(storage.listUploads(""))).filter((key) => key.includes(jobId)),
    download: async (key: string): Promise<{ bytes: Buffer; text: string; sha256: string }> => {
      const url = await storage.presignDownload({
        key,
        fileName: "x.csv",
        contentType: "text/csv",
        expiresInSeconds: 60,
      });
      const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
      return { bytes, text: bytes.toString(), sha256: sha256Of(bytes) };
    },
  };
}

export const sha256Of = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

async function keysOf(listed: AsyncIterable<{ readonly key: string }>): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of listed) keys.push(key);
  return keys;
}

/** Locks the transactions, so that exports start and then wait until released. */
export async function blockExports(stage: Stage): Promise<{ release: () => Promise<void> }> {
  await stage.owner.query("BEGIN");
  await stage.owner.query("LOCK TABLE transactions IN ACCESS EXCLUSIVE MODE");
  return {
    release: async () => {
      await stage.owner.query("ROLLBACK");
    },
  };
}
