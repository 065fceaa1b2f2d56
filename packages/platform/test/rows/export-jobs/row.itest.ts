import { randomUUID } from "node:crypto";
import { createDatabase, withTenant } from "../../src/database/index.ts";
import { readExportJob } from "../../src/rows/index.ts";
import { createTestDatabase, type TestDatabase } from "@docket/testing";

let test: TestDatabase;
let database: ReturnType<typeof createDatabase>;
const tenantId = randomUUID();

beforeAll(async () => {
  test = await createTestDatabase();
  database = createDatabase({
    url: test.appUrl,
    poolSize: 2,
    applicationName: "test",
    statementTimeoutMs: 10_000,
  });
});

afterAll(async () => {
  await database.close();
  await test.drop();
});

/** A job with something in every column, or with nothing where that may be. */
const aJob = (full: boolean): Promise<string> =>
  withTenant(tenantId, async () => {
    const { prisma } = database;
    const context = await prisma.context.create({ data: { tenantId, name: randomUUID() } });
    const source = { tenantId, contextId: context.id, name: "Bank", type: "BANK", side: "LEFT" };
    const { id: sourceId } = await prisma.source.create({ data: source });
    const at = new Date("2026-03-29T01:30:00.123Z");
    const finished = {
      sourceId,
      status: "SUCCEEDED",
      leaseUntil: at,
      recordsWritten: 9_007_199_254_740_993n,
      recordsExpected: 7n,
      fileName: "f.csv",
      objectKey: "k",
      sha256: "a".repeat(64),
      asOf: at,
      requestId: "r",
      startedAt: at,
      finishedAt: at,
      expiresAt: at,
    };
    const { id } = await prisma.exportJob.create({
      data: {
        tenantId,
        contextId: context.id,
        reportType: "MATCHED",
        format: "CSV",
        dateFrom: new Date("0001-01-01"),
        dateTo: new Date("2026-03-29"),
        requestedBy: "Šárka",
        ...(full && finished),
      },
    });
    return id;
  });

const byPrisma = (id: string) => database.prisma.exportJob.findFirst({ where: { id } });

describe("an export job read by the plain driver", () => {
  it.each([true, false])("is what Prisma reads, column for column (full: %s)", async (full) => {
    const id = await aJob(full);
    const [read, expected] = await withTenant(tenantId, async () => [
      await readExportJob(database.pool, id),
      await byPrisma(id),
    ]);
    expect(read).toStrictEqual(expected);
  });

  it("is nothing to another tenant, and without one", async () => {
    const id = await aJob(true);
    const read = () => readExportJob(database.pool, id);
    expect(await withTenant(randomUUID(), read)).toBeUndefined();
    expect(await read()).toBeUndefined();
    expect(await withTenant(tenantId, read)).toMatchObject({ id });
  });
});
