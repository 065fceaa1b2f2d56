import { randomUUID } from "node:crypto";
import { withTenant } from "../../../src/database/index.ts";
import { readExportJobs } from "../../../src/rows/index.ts";
import { createRowsStage, type RowsTenant } from "../stage.ts";

const stage = createRowsStage();
let tenant: RowsTenant;
beforeAll(async () => {
  tenant = await stage.addTenant();
});

const AT = new Date("2026-03-29T01:30:00.123Z");

/** A value in every column that may be null. */
const allColumns = async () => {
  const { tenantId, contextId } = tenant;
  const source = { tenantId, contextId, name: "Bank", type: "BANK", side: "LEFT" };
  const { id: sourceId } = await tenant.run(() =>
    stage.database.prisma.source.create({ data: source }),
  );
  return {
    sourceId,
    status: "SUCCEEDED",
    leaseUntil: AT,
    dateFrom: new Date("0001-01-01"),
    recordsWritten: 9_007_199_254_740_993n,
    recordsExpected: 7n,
    fileName: "f.csv",
    objectKey: "k",
    sha256: "a".repeat(64),
    compression: "GZIP",
    contentSha256: "b".repeat(64),
    columns: ["date", "amount"],
    asOf: AT,
    requestedBy: "Šárka",
    requestId: "r",
    startedAt: AT,
    finishedAt: AT,
    expiresAt: AT,
  };
};

const NOT_POLLED = new Set([
  "tenantId",
  "claim",
  "holder",
  "leaseUntil",
  "turn",
  "runAfter",
  "objectKey",
  "requestId",
]);

/** The job as Prisma reads it, without the columns that clients do not see. */
const polled = async (id: string): Promise<object> =>
  Object.fromEntries(
    Object.entries(await tenant.job(id)).filter(([column]) => !NOT_POLLED.has(column)),
  );

const readAll = (ids: readonly string[]) => readExportJobs(stage.database.pool, ids);
const read = async (id: string) => (await readAll([id]))[0];

describe("an export job read through the plain driver", () => {
  it("equals what Prisma reads, with a value in every column", async () => {
    const id = await tenant.insertJob(await allColumns());
    expect(await tenant.run(() => read(id))).toStrictEqual(await polled(id));
  });

  it("equals what Prisma reads, with null where that is allowed", async () => {
    const id = await tenant.insertJob();
    expect(await tenant.run(() => read(id))).toStrictEqual(await polled(id));
  });

  it("is undefined for another tenant and without a tenant", async () => {
    const id = await tenant.insertJob();
    expect(await withTenant(randomUUID(), () => read(id))).toBeUndefined();
    expect(await read(id)).toBeUndefined();
    expect(await tenant.run(() => read(id))).toMatchObject({ id });
  });

  it("comes in the order of the IDs, also if one is given twice, beside those that are not found", async () => {
    const [first, second] = [await tenant.insertJob(), await tenant.insertJob()];
    const other = await (await stage.addTenant()).insertJob();
    const ids = [second, other, first, randomUUID(), second];
    const jobs = await tenant.run(() => readAll(ids));
    expect(jobs.map((job) => job?.id)).toEqual([second, undefined, first, undefined, second]);
  });
});
