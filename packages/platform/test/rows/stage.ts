import { randomUUID } from "node:crypto";
import type { ExportStatus } from "@docket/domain";
import { addContext, createDatabaseStage, type DatabaseStage } from "@docket/testing";
import type pg from "pg";
import { withTenant, type Database, type Prisma } from "../../src/database/index.ts";

type JobColumns = Partial<Prisma.ExportJobUncheckedCreateInput>;

/** A tenant with one context. */
export type RowsTenant = {
  readonly tenantId: string;
  readonly contextId: string;
  /** Runs `work` as this tenant. */
  readonly run: <T>(work: () => Promise<T> | T) => Promise<T>;
  /** Inserts an export job and returns its id. */
  readonly insertJob: (columns?: JobColumns) => Promise<string>;
  readonly job: (id: string) => Promise<Prisma.ExportJobGetPayload<object>>;
};

export type RowsStage = {
  readonly database: Database;
  /** Connected as the owner of the tables, who sees every tenant. */
  readonly owner: pg.Client;
  readonly addTenant: () => Promise<RowsTenant>;
};

/** Sets up a database for the tests of one file. Call it once, at the top of the file. */
export function createRowsStage(): RowsStage {
  let stage: DatabaseStage;
  beforeAll(async () => {
    stage = await createDatabaseStage();
  });
  afterAll(() => stage.close());
  return {
    get database() {
      return stage.database;
    },
    get owner() {
      return stage.owner;
    },
    addTenant: () => addTenant(stage.database),
  };
}

async function addTenant(database: Database): Promise<RowsTenant> {
  const { prisma } = database;
  const { tenantId, contextId } = await addContext(database, { sources: [] });
  const run = <T>(work: () => Promise<T> | T): Promise<T> => withTenant(tenantId, work);
  const defaults = {
    tenantId,
    contextId,
    reportType: "MATCHED",
    format: "CSV",
    dateFrom: new Date("2026-01-01"),
    dateTo: new Date("2026-01-31"),
    requestedBy: "tester",
  };
  return {
    tenantId,
    contextId,
    run,
    insertJob: async (columns) => {
      const data = { ...defaults, ...columns };
      return (await run(() => prisma.exportJob.create({ data, select: { id: true } }))).id;
    },
    job: (id) => run(() => prisma.exportJob.findFirstOrThrow({ where: { id } })),
  };
}

const PAST = new Date("2026-02-01T00:00:00Z");

/** The columns of a file. Every job gets another key. */
const file = (): Omit<JobColumns, "status"> => ({
  objectKey: `key-${randomUUID()}`,
  fileName: "MATCHED.csv",
  sha256: "ab".repeat(32),
  finishedAt: PAST,
  expiresAt: PAST,
});

/** The current holder of a RUNNING job. */
export const HOLDER = randomUUID();

/** What the columns of a job look like in each state. Everything that can be due is due: leases, retries, retention. */
export const IN_STATE = {
  QUEUED: () => ({ status: "QUEUED", runAfter: PAST }),
  RUNNING: () => ({ status: "RUNNING", leaseUntil: PAST, holder: HOLDER }),
  SUCCEEDED: () => ({ status: "SUCCEEDED", ...file() }),
  FAILED: () => ({ status: "FAILED", error: "It failed.", errorCode: "failed", finishedAt: PAST }),
  EXPIRED: () => ({ status: "EXPIRED", ...file() }),
  CANCELED: () => ({ status: "CANCELED", finishedAt: PAST }),
} as const satisfies {
  readonly [Status in ExportStatus]: () => JobColumns & { readonly status: Status };
};
